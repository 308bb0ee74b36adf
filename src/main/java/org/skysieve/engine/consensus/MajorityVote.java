package org.skysieve.engine.consensus;

/**
 * The share of each answer among a candidate's votes.
 *
 * <p>Every volunteer counts the same. One pass, O(votes). A candidate without votes gets equal probabilities.
 */
public final class MajorityVote {
    private MajorityVote() {}

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
}
