package org.skysieve.engine.math;

/**
 * Probabilities from logarithms, safe against underflow, and the same to the last bit on every machine: the
 * transcendental functions are {@link StrictMath}'s.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * Replaces natural logarithms of unnormalised probabilities by probabilities that sum to 1.
     *
     * @param logits finite or negative infinity, at least one finite; written in place
     */
    public static void inPlace(double[] logits) {
        inPlace(logits, 0, logits.length);
    }

    /** As {@link #inPlace(double[])} for {@code length} entries from {@code offset} on. */
    public static void inPlace(double[] logits, int offset, int length) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            largest = Math.max(largest, logits[i]);
        }
        if (!(largest > Double.NEGATIVE_INFINITY && largest < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("softmax: largest logit is " + largest + ", need a finite one");
        }
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            // Subtract the largest first: a few hundred votes underflow exp(), and 0/0 is not a label.
            double e = StrictMath.exp(logits[i] - largest);
            logits[i] = e;
            sum += e;
        }
        for (int i = offset; i < offset + length; i++) {
            logits[i] /= sum;
        }
    }

    /** The natural logarithm of the sum of exp(x); negative infinity for no terms. */
    public static double logSumExp(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            largest = Math.max(largest, value);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (double value : x) {
            sum += StrictMath.exp(value - largest);
        }
        return largest + StrictMath.log(sum);
    }
}
