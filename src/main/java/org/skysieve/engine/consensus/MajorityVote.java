package org.skysieve.engine.consensus;

/**
 * The share of each answer among a candidate's votes.
 *
 * <p>Every volunteer counts the same. One pass, O(votes). A candidate without votes gets equal probabilities, a gold
 * candidate its gold. The shares are not calibrated: two equal votes say 1.
 */
public final class MajorityVote implements ConsensusMethod {
    MajorityVote() {}

    @Override
    public String name() {
        return "majority";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        Posteriors shares = held(input, fit(input.votes()));
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, shares),
                Confusions.counted(input.votes(), shares, 5),
                mean(input, shares),
                1,
                1,
                true,
                "Majority vote: every volunteer counts the same.");
    }

    public static Posteriors fit(VoteTable votes) {
        int classes = votes.classes();
        double[] share = new double[votes.candidates() * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            int count = votes.start(c + 1) - votes.start(c);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                share[c * classes + votes.answer(i)] += 1.0 / count;
            }
            if (count == 0) {
                java.util.Arrays.fill(share, c * classes, (c + 1) * classes, 1.0 / classes);
            }
        }
        return new Posteriors(classes, share);
    }

    /** The same with the gold candidates at their gold. */
    static Posteriors held(ConsensusInput input, Posteriors posteriors) {
        if (input.goldCount() == 0) {
            return posteriors;
        }
        int classes = posteriors.classes();
        double[] flat = new double[posteriors.candidates() * classes];
        for (int c = 0; c < posteriors.candidates(); c++) {
            for (int k = 0; k < classes; k++) {
                flat[c * classes + k] = input.isGold(c) ? input.gold(c, k) : posteriors.get(c, k);
            }
        }
        return new Posteriors(classes, flat);
    }

    /** P(class) of the population: the mean over candidates with votes and without gold, which is chosen, not drawn. */
    static double[] mean(ConsensusInput input, Posteriors posteriors) {
        int classes = posteriors.classes();
        double[] mean = new double[classes];
        java.util.Arrays.fill(mean, 1);
        for (int c = 0; c < posteriors.candidates(); c++) {
            if (input.isGold(c) || input.votes().start(c) == input.votes().start(c + 1)) {
                continue;
            }
            for (int k = 0; k < classes; k++) {
                mean[k] += posteriors.get(c, k);
            }
        }
        Confusions.normalise(mean, 0, classes);
        return mean;
    }
}
