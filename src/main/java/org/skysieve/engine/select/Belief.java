package org.skysieve.engine.select;

import java.util.Arrays;

/**
 * What is known about a candidate when the next vote is to be placed.
 *
 * @param posterior probability of each class: the combined consensus where somebody has voted, the model's
 *     probabilities before, uniform where there is neither; sums to 1 within 1e-3; at least two classes
 * @param epistemic mutual information in nats between the model's parameters and the class, >= 0; NaN without a model
 * @param aleatoric expected entropy in nats under the model, >= 0; NaN without a model
 * @param votes votes that count so far
 */
public record Belief(double[] posterior, double epistemic, double aleatoric, int votes) {
    public Belief {
        posterior = posterior.clone();
        if (posterior.length < 2) {
            throw new IllegalArgumentException("belief: got " + posterior.length + " classes, need at least 2");
        }
        double sum = 0;
        for (double p : posterior) {
            if (!(p >= 0)) {
                throw new IllegalArgumentException("belief: got probability " + p + ", need >= 0");
            }
            sum += p;
        }
        if (Math.abs(sum - 1) > 1e-3) {
            throw new IllegalArgumentException("belief: got probabilities that sum to " + sum + ", need 1");
        }
        if (votes < 0) {
            throw new IllegalArgumentException("belief: got " + votes + " votes, need >= 0");
        }
    }

    /** Nothing is known: the uniform posterior, no model, no votes. */
    public static Belief uninformed(int classes) {
        double[] uniform = new double[classes];
        Arrays.fill(uniform, 1.0 / classes);
        return new Belief(uniform, Double.NaN, Double.NaN, 0);
    }

    @Override
    public double[] posterior() {
        return posterior.clone();
    }

    public int classes() {
        return posterior.length;
    }

    /** Probability of class {@code c}, without a copy. */
    double p(int c) {
        return posterior[c];
    }
}
