package org.skysieve.selection;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.PowerSampling;
import org.skysieve.engine.select.Steering;

/**
 * The best candidates by one key, from a position of the queue on: an arm that draws them by their usefulness. One request
 * reads it anew in each round, further down.
 */
final class RankedWindow implements Offers.Offer {
    static final int SIZE = 64;

    private final Ranking.Rank rank;
    private OpenWork.@Nullable Position below;
    /** Above it this person has seen everything. */
    private OpenWork.@Nullable Position cursor;

    private List<OpenWork.Entry> entries = List.of();
    private PowerSampling sampling = new PowerSampling(new double[0], PowerSampling.POWER);

    RankedWindow(Ranking.Rank rank, OpenWork.@Nullable Position below) {
        this.rank = rank;
        this.below = below;
        cursor = below;
    }

    Ranking.Rank rank() {
        return rank;
    }

    OpenWork.@Nullable Position below() {
        return below;
    }

    OpenWork.@Nullable Position cursor() {
        return cursor;
    }

    List<OpenWork.Entry> entries() {
        return entries;
    }

    /**
     * Looks at other candidates from now on.
     *
     * @param usefulness of each, {@code >= 0}
     */
    void show(List<OpenWork.Entry> read, double[] usefulness) {
        entries = read;
        sampling = new PowerSampling(usefulness, PowerSampling.POWER);
    }

    /**
     * What each is drawn by where its key alone tells.
     *
     * @see #steer
     */
    static double[] usefulness(Ranking.Rank rank, List<OpenWork.Entry> entries) {
        double[] usefulness = new double[entries.size()];
        for (int i = 0; i < usefulness.length; i++) {
            usefulness[i] = rank.strategy()
                    .usefulness(entries.get(i).key(), entries.get(0).key());
        }
        return usefulness;
    }

    /**
     * Moves what each is drawn by with who is asked, see {@link Steering}.
     *
     * @param usefulness changed in place
     * @param standing of who is asked, in [-1, 1]
     */
    static void steer(double[] usefulness, List<OpenWork.Entry> entries, double standing, double steering) {
        double[] tilts =
                Steering.tilts(entries.stream().mapToInt(OpenWork.Entry::votes).toArray(), standing, steering);
        for (int i = 0; i < usefulness.length; i++) {
            // Weights are powers of the usefulness.
            usefulness[i] *= Math.pow(tilts[i], 1 / PowerSampling.POWER);
        }
    }

    /**
     * Goes on after a round.
     *
     * @param gone what this person has now, or cannot have
     * @param idle whether the round found nothing to draw
     * @param done whether the request has all that it wants
     * @return whether another round may find more here
     */
    boolean advance(Set<Long> gone, boolean idle, boolean done) {
        boolean exhausted = entries.size() < SIZE;
        if (exhausted && below != null && !done) {
            // The end of the queue, but not from the top: what came back above the cursor is still there.
            below = null;
            cursor = null;
            return true;
        }
        if (idle) {
            return false;
        }
        cursor = position(gone);
        // A short window holds all there is: it can be read again as it is.
        below = exhausted ? below : cursor;
        return true;
    }

    /** The position below which everything lies that can still be served. */
    private OpenWork.@Nullable Position position(Set<Long> gone) {
        OpenWork.Position last = below;
        for (OpenWork.Entry entry : entries) {
            if (!gone.contains(entry.candidateId())) {
                // Just above this one: all that this person has seen before it need not be walked again.
                return new OpenWork.Position(entry.key(), entry.candidateId() + 1);
            }
            last = new OpenWork.Position(entry.key(), entry.candidateId());
        }
        return last;
    }

    @Override
    public boolean available() {
        return sampling.remaining() > 0;
    }

    @Override
    public double probability(OpenWork.Entry entry) {
        int index = index(entry.candidateId());
        return index < 0 ? 0 : sampling.probability(index);
    }

    @Override
    public Optional<Offers.Draw> next(SplittableRandom random) {
        if (!available()) {
            return Optional.empty();
        }
        PowerSampling.Draw draw = sampling.next(random);
        return Optional.of(new Offers.Draw(entries.get(draw.index()), draw.probability()));
    }

    @Override
    public void remove(long candidateId) {
        int index = index(candidateId);
        if (index >= 0) {
            sampling.remove(index);
        }
    }

    private int index(long candidateId) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).candidateId() == candidateId) {
                return i;
            }
        }
        return -1;
    }
}
