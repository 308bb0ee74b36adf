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
public record Scored(double[] probabilities, double epistemic, double aleatoric) {}
