package org.skysieve.engine.select;

/**
 * How far volunteers disagree on a candidate, their reliabilities counted: the entropy of the answers, each vote with the
 * skill of who gave it, over ln K: {@code H(s) / ln K, s_a = sum of skills of the votes for a / sum of all skills}. 0 where
 * all agree, 1 where the skilled are split evenly; the dissent of somebody who answers by chance counts nothing.
 *
 * <p>Unlike the entropy of the posterior it does not fall when a model is sure, nor rise because votes are few: it is one of
 * three uncertainties that are kept apart, beside the model's epistemic and aleatoric one. Source: vote entropy, Dagan and
 * Engelson (1995), weighted as in Dawid and Skene (1979).
 */
public final class Disagreement {
    private Disagreement() {}

    /**
     * The disagreement of standing votes.
     *
     * @param answers class of each vote
     * @param skills of who gave it, in [0, 1], as {@link #skill}
     * @return in [0, 1]; NaN below two votes, or where nobody has any skill
     */
    public static double of(int[] answers, double[] skills, int classes) {
        if (answers.length != skills.length || classes < 2) {
            throw new IllegalArgumentException("disagreement: got " + answers.length + " answers, " + skills.length
                    + " skills, " + classes + " classes, need as many of both, and at least 2 classes");
        }
        double[] share = new double[classes];
        double sum = 0;
        for (int i = 0; i < answers.length; i++) {
            share[answers[i]] += skills[i];
            sum += skills[i];
        }
        if (answers.length < 2 || !(sum > 0)) {
            return Double.NaN;
        }
        for (int c = 0; c < classes; c++) {
            share[c] /= sum;
        }
        return Math.max(0, Math.min(1, Entropy.nats(share, 0, classes) / Math.log(classes)));
    }

    /**
     * How much better than chance somebody answers: {@code (A - 1/K) / (1 - 1/K)}, A the mean over classes of P(right).
     *
     * @param confusion P(answer | truth), {@code [truth * classes + answer]}
     * @return in [0, 1]; who is worse than chance has none
     */
    public static double skill(double[] confusion, int classes) {
        double accuracy = 0;
        for (int t = 0; t < classes; t++) {
            accuracy += confusion[t * classes + t] / classes;
        }
        return Math.max(0, Math.min(1, (accuracy - 1.0 / classes) / (1 - 1.0 / classes)));
    }
}
