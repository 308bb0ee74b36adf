package org.skysieve.engine.simulate;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The rule that a comparable project of volunteers retires by: two votes if they agree, else seven and their majority.
 * Volunteers come at random by their activity and nobody votes twice on a candidate; every vote counts alike.
 */
public final class TwoAgreeElseSeven {
    private static final int FEW = 2;
    private static final int MANY = 7;

    /**
     * @param completeness share of the real candidates that were labelled real; NaN if there are none
     * @param purity share of the candidates labelled real that are real; NaN if there are none
     */
    public record Outcome(int candidates, long votes, double purity, double completeness) {
        public double votesPerCandidate() {
            return (double) votes / candidates;
        }
    }

    private TwoAgreeElseSeven() {}

    /** @throws IllegalArgumentException if there are no candidates or fewer than seven volunteers */
    public static Outcome replay(Collection<SimulatedCandidate> candidates, SimulatedCrowd crowd, long seed) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("two agree, else seven: got no candidates, need at least 1");
        }
        if (crowd.size() < MANY) {
            throw new IllegalArgumentException(
                    "two agree, else seven: got " + crowd.size() + " volunteers, need at least " + MANY);
        }
        SplittableRandom random = new SplittableRandom(seed);
        long[] votesOf = new long[crowd.size()];
        long votes = 0;
        int reals = 0;
        int called = 0;
        int rightlyCalled = 0;
        Set<Integer> asked = new HashSet<>();
        for (SimulatedCandidate candidate : candidates) {
            asked.clear();
            int[] count = new int[2];
            while (asked.size() < FEW || (asked.size() < MANY && disagreed(count, asked.size()))) {
                int volunteer = crowd.drawByActivity(random);
                if (!asked.add(volunteer)) {
                    continue;
                }
                int inSession = (int) (votesOf[volunteer]++ % crowd.sessionLength(volunteer));
                count[crowd.answer(volunteer, candidate, inSession)]++;
            }
            votes += asked.size();
            boolean real = count[SimulatedCrowd.REAL] > count[SimulatedCrowd.BOGUS];
            reals += candidate.real() ? 1 : 0;
            called += real ? 1 : 0;
            rightlyCalled += real && candidate.real() ? 1 : 0;
        }
        return new Outcome(
                candidates.size(),
                votes,
                called == 0 ? Double.NaN : (double) rightlyCalled / called,
                reals == 0 ? Double.NaN : (double) rightlyCalled / reals);
    }

    /** Whether the first two votes differed: with two answers, both counts are then positive for good. */
    private static boolean disagreed(int[] count, int votes) {
        return votes > FEW || (count[0] > 0 && count[1] > 0);
    }
}
