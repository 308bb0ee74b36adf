package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * Draws uniformly from what lies on a {@link OpenWork.Line}, without ORDER BY random().
 *
 * <p>Short lines are read whole. Of long ones a random stretch of the shuffled line is read, long enough for
 * {@value #EXPECTED} candidates on average; with k found it is accepted with probability k / {@value #MOST} and one of
 * the k is taken. A candidate is within the stretch with probability w (its length), and then chosen with probability
 * (k / {@value #MOST}) (1 / k): w / {@value #MOST}, the same for all, whatever the gaps between their places. Taking the
 * next place after a random point instead would favour those behind a wide gap.
 */
@ApplicationScoped
class UniformDraws {
    static final int SMALL = 256;
    private static final int EXPECTED = 4;
    /** More than so many in a stretch come once in a million: {@value #EXPECTED} are expected. */
    private static final int MOST = 16;

    /** Four are needed on average; so many are not enough once in 100,000. */
    private static final int ATTEMPTS = 40;

    private static final int AT_ONCE = 12;
    private static final Duration FRESH = Duration.ofSeconds(10);

    private record Count(int n, Instant at) {}

    private final OpenWork work;
    private final Clock clock;

    private record Counted(OpenWork.Line line, long workflowId) {}

    private final Map<Counted, Count> counts = new ConcurrentHashMap<>();

    UniformDraws(OpenWork work, Clock clock) {
        this.work = work;
        this.clock = clock;
    }

    /**
     * What one request may draw from. A draw's probability is 1 / n: exact for short lines; for long ones n is their size, at
     * most ten seconds old and above 4,096 estimated, which also counts the few that this person has seen or somebody holds.
     */
    final class Sample implements Offers.Offer {
        private final OpenWork.Line line;
        private final long workflowId;
        private final long volunteerId;
        private final @Nullable Instant now;
        private final Set<Long> taken = new HashSet<>();
        private final int n;
        private final List<OpenWork.Entry> all;
        /** Random stretches that have been read and not been used. */
        private final Deque<List<OpenWork.Entry>> read = new ArrayDeque<>();

        private boolean exhausted;

        private Sample(OpenWork.Line line, long workflowId, long volunteerId, @Nullable Instant now, Set<Long> except) {
            this.line = line;
            this.workflowId = workflowId;
            this.volunteerId = volunteerId;
            this.now = now;
            taken.addAll(except);
            n = count(line, workflowId);
            // Twice the limit: the cached count may be ten seconds old.
            all = n <= SMALL
                    ? new ArrayList<>(work.stretch(line, workflowId, volunteerId, 0, 1, now, 2 * SMALL))
                    : new ArrayList<>();
            all.removeIf(entry -> taken.contains(entry.candidateId()));
        }

        /** False once nothing can be drawn; a large sample counts as available until a draw has failed. */
        @Override
        public boolean available() {
            return n <= SMALL ? !all.isEmpty() : !exhausted;
        }

        @Override
        public double probability(OpenWork.Entry entry) {
            if (n <= SMALL) {
                boolean there = all.stream().anyMatch(other -> other.candidateId() == entry.candidateId());
                return there ? 1.0 / all.size() : 0;
            }
            return line.holds(entry) && !taken.contains(entry.candidateId()) ? 1.0 / n : 0;
        }

        @Override
        public Optional<Offers.Draw> next(SplittableRandom random) {
            if (n <= SMALL) {
                if (all.isEmpty()) {
                    return Optional.empty();
                }
                double probability = 1.0 / all.size();
                OpenWork.Entry entry = all.remove(random.nextInt(all.size()));
                return Optional.of(new Offers.Draw(entry, probability));
            }
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                List<OpenWork.Entry> stretch = stretch(random);
                stretch.removeIf(entry -> taken.contains(entry.candidateId()));
                if (random.nextInt(MOST) < stretch.size()) {
                    OpenWork.Entry entry = stretch.get(random.nextInt(stretch.size()));
                    taken.add(entry.candidateId());
                    return Optional.of(new Offers.Draw(entry, 1.0 / n));
                }
            }
            // Nearly all of a large sample is seen or held, or the count is old: count again for the next request.
            exhausted = true;
            counts.remove(new Counted(line, workflowId));
            return Optional.empty();
        }

        private List<OpenWork.Entry> stretch(SplittableRandom random) {
            if (read.isEmpty()) {
                double width = (double) EXPECTED / n;
                double[] beginnings = new double[AT_ONCE];
                for (int i = 0; i < AT_ONCE; i++) {
                    // From before the line's beginning, or that would lie in fewer stretches than the rest.
                    beginnings[i] = random.nextDouble() * (1 + width) - width;
                }
                read.addAll(work.stretches(line, workflowId, volunteerId, beginnings, width, now, MOST));
            }
            return read.removeFirst();
        }

        @Override
        public void remove(long candidateId) {
            taken.add(candidateId);
            all.removeIf(entry -> entry.candidateId() == candidateId);
        }
    }

    /**
     * @param now with a time: only candidates on which nobody holds a lease then; null: all
     * @param except candidates that are not to be drawn
     */
    Sample sample(OpenWork.Line line, long workflowId, long volunteerId, @Nullable Instant now, Set<Long> except) {
        return new Sample(line, workflowId, volunteerId, now, except);
    }

    private int count(OpenWork.Line line, long workflowId) {
        Instant now = clock.instant();
        Counted key = new Counted(line, workflowId);
        Count count = counts.get(key);
        if (count == null || Duration.between(count.at, now).abs().compareTo(FRESH) > 0) {
            count = new Count(work.count(line, workflowId), now);
            counts.put(key, count);
        }
        return count.n;
    }
}
