package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.List;

/**
 * A sample in a few numbers: quantiles at equal steps of probability and the share that was not measured. Enough to ask
 * later whether other values come from the same distribution ({@link Drift}).
 *
 * @param count values that were measured
 * @param missing values that were not (NaN)
 * @param values quantiles at probabilities 0, 1/(n-1), ..., 1, rising; empty if nothing was measured
 */
public record Quantiles(long count, long missing, List<Double> values) {
    /** Percentiles: what is said by them is off by at most 0.01 in probability. */
    private static final int STEPS = 100;

    public Quantiles {
        values = List.copyOf(values);
    }

    /** @param sample any order, NaN for "not measured"; not changed */
    public static Quantiles of(double[] sample) {
        double[] sorted =
                Arrays.stream(sample).filter(v -> !Double.isNaN(v)).sorted().toArray();
        if (sorted.length == 0) {
            return new Quantiles(0, sample.length, List.of());
        }
        Double[] values = new Double[STEPS + 1];
        Arrays.setAll(values, i -> at(sorted, i / (double) STEPS));
        return new Quantiles(sorted.length, sample.length - sorted.length, List.of(values));
    }

    private static double at(double[] sorted, double probability) {
        double position = probability * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** The value that a share of the sample stays below, between two quantiles by a straight line. */
    public double at(double probability) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        return at(sorted, probability);
    }

    /** The share of the sample not above {@code x}; 0 and 1 beyond the ends. */
    double upTo(double x) {
        return share(x, true);
    }

    /** The share of the sample below {@code x}: less than {@link #upTo} where many values are the same. */
    double below(double x) {
        return share(x, false);
    }

    private double share(double x, boolean inclusive) {
        int last = values.size() - 1;
        int first = 0;
        // The first quantile that is above x, or not below it.
        while (first <= last && (inclusive ? values.get(first) <= x : values.get(first) < x)) {
            first++;
        }
        if (first == 0) {
            return 0;
        }
        if (first > last) {
            return 1;
        }
        double low = values.get(first - 1);
        double high = values.get(first);
        return (first - 1 + (x - low) / (high - low)) / last;
    }
}
