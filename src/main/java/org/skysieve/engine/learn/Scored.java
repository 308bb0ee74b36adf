package org.skysieve.engine.learn;

/**
 * What a model says of one candidate.
 *
 * @param probabilities calibrated, {@code [class]}, sum 1; the caller's own array
 * @param epistemic how much the model would learn from the answer: the mutual information between the class and the
 *     choice of tree (BALD; Houlsby et al. 2011, arXiv:1112.5745), nats in [0, ln classes]
 * @param aleatoric doubt that no further label takes away: the mean entropy of the single trees, nats in
 *     [0, ln classes]
 */
public record Scored(double[] probabilities, double epistemic, double aleatoric) {

    /**
     * How open the answer is, in one number: the entropy of the calibrated probabilities over that of "any class is as
     * likely", in [0, 1]. Of all the kinds here it ranks errors best (docs/methods/classifier.md).
     */
    public double uncertainty() {
        double entropy = 0;
        for (double p : probabilities) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return Math.max(0, Math.min(1, entropy / Math.log(probabilities.length)));
    }
}
