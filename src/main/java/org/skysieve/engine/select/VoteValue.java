package org.skysieve.engine.select;

/**
 * What one more vote by a given volunteer is expected to bring: the mutual information between the class and the
 * answer, {@code I(t; a) = H(a) - sum_t p(t) H(a | t)}, over {@code ln K}. It is the expected drop of the posterior's
 * entropy: {@code ln K} from an oracle on a uniform posterior, 0 from a spammer or where the class is sure.
 * Source: Lindley (1956); for crowds Welinder and Perona (2010).
 */
public final class VoteValue implements QueryStrategy {
    private final double[] confusion;
    private final int classes;

    /**
     * @param confusion P(answer | truth) of who is asked, {@code [truth * classes + answer]}; each row sums to 1
     */
    public VoteValue(double[] confusion, int classes) {
        if (classes < 2 || confusion.length != classes * classes) {
            throw new IllegalArgumentException(
                    "vote value: got " + confusion.length + " entries for " + classes + " classes, need classes^2");
        }
        this.confusion = confusion.clone();
        this.classes = classes;
    }

    /** Somebody who errs with probability {@code error}, evenly over the other classes. */
    public static VoteValue ofError(double error, int classes) {
        double[] confusion = new double[classes * classes];
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                confusion[t * classes + a] = t == a ? 1 - error : error / (classes - 1);
            }
        }
        return new VoteValue(confusion, classes);
    }

    @Override
    public double usefulness(Belief belief) {
        return Math.max(0, Math.min(1, nats(belief) / Math.log(classes)));
    }

    /** Expected information of the answer in nats. */
    public double nats(Belief belief) {
        double[] answer = answerProbabilities(belief);
        double noise = 0;
        for (int t = 0; t < classes; t++) {
            noise += belief.p(t) * Entropy.nats(confusion, t * classes, classes);
        }
        return Math.max(0, Entropy.nats(answer, 0, classes) - noise);
    }

    /**
     * The probability that the vote settles the candidate: that the leading posterior after it reaches
     * {@code retireAt}.
     *
     * @param retireAt in (0, 1)
     */
    public double settles(Belief belief, double retireAt) {
        double[] answer = answerProbabilities(belief);
        double settled = 0;
        for (int a = 0; a < classes; a++) {
            double leading = 0;
            for (int t = 0; t < classes; t++) {
                leading = Math.max(leading, belief.p(t) * confusion[t * classes + a]);
            }
            if (answer[a] > 0 && leading / answer[a] >= retireAt) {
                settled += answer[a];
            }
        }
        return settled;
    }

    /**
     * The probability that the vote settles the candidate (see {@link #settles}) or turns its leading class.
     *
     * @param retireAt in (0, 1)
     */
    double changes(Belief belief, double retireAt) {
        double[] answer = answerProbabilities(belief);
        int before = 0;
        for (int t = 1; t < classes; t++) {
            before = belief.p(t) > belief.p(before) ? t : before;
        }
        double changed = 0;
        for (int a = 0; a < classes; a++) {
            int after = 0;
            for (int t = 1; t < classes; t++) {
                after = joint(belief, t, a) > joint(belief, after, a) ? t : after;
            }
            boolean turned = joint(belief, after, a) > joint(belief, before, a);
            if (answer[a] > 0 && (turned || joint(belief, after, a) / answer[a] >= retireAt)) {
                changed += answer[a];
            }
        }
        return changed;
    }

    private double joint(Belief belief, int truth, int answer) {
        return belief.p(truth) * confusion[truth * classes + answer];
    }

    private double[] answerProbabilities(Belief belief) {
        if (belief.classes() != classes) {
            throw new IllegalArgumentException(
                    "vote value: got a belief of " + belief.classes() + " classes, need " + classes);
        }
        double[] answer = new double[classes];
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                answer[a] += belief.p(t) * confusion[t * classes + a];
            }
        }
        return answer;
    }
}
