package org.skysieve.engine.learn;

import java.util.Arrays;

/**
 * A measured value and its 95 % interval; all NaN if it could not be measured.
 *
 * @param low 2.5th percentile
 * @param high 97.5th percentile
 */
public record Interval(double value, double low, double high) {

    /** The percentile interval of bootstrap replicates, of which NaNs (unmeasurable resamples) are dropped. */
    static Interval ofReplicates(double value, double[] replicates) {
        double[] sorted =
                Arrays.stream(replicates).filter(r -> !Double.isNaN(r)).sorted().toArray();
        if (sorted.length == 0 || Double.isNaN(value)) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        return new Interval(value, quantile(sorted, .025), quantile(sorted, .975));
    }

    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
