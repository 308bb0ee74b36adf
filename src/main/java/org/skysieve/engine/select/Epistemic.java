package org.skysieve.engine.select;

/**
 * BALD: the mutual information between the class and the model's parameters,
 * {@code I = H(mean p) - mean H(p)}, divided by {@code ln K}. High where the model's draws are each sure and disagree:
 * there a label teaches the model; low where every draw says "could be either": there it does not.
 * Source: Houlsby, Huszar, Ghahramani and Lengyel (2011).
 *
 * <p>A candidate without a model's opinion counts as fully unknown, 1.
 */
public final class Epistemic implements QueryStrategy {
    @Override
    public double usefulness(Belief belief) {
        double nats = belief.epistemic();
        return Double.isNaN(nats) ? 1 : Math.max(0, Math.min(1, nats / Math.log(belief.classes())));
    }

    /**
     * Mutual information in nats.
     *
     * @param draws class probabilities of each draw (dropout mask, tree), {@code [draw * classes + c]}; each block
     *     sums to 1
     */
    public static double mutualInformation(double[] draws, int classes) {
        if (classes < 2 || draws.length == 0 || draws.length % classes != 0) {
            throw new IllegalArgumentException("mutual information: got " + draws.length + " values for " + classes
                    + " classes, need a positive multiple of at least 2 classes");
        }
        int n = draws.length / classes;
        double[] mean = new double[classes];
        double expected = 0;
        for (int d = 0; d < n; d++) {
            expected += Entropy.nats(draws, d * classes, classes) / n;
            for (int c = 0; c < classes; c++) {
                mean[c] += draws[d * classes + c] / n;
            }
        }
        // Jensen makes it >= 0; rounding may not.
        return Math.max(0, Entropy.nats(mean, 0, classes) - expected);
    }
}
