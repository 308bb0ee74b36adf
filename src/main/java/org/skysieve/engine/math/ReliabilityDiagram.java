package org.skysieve.engine.math;

import java.util.ArrayList;
import java.util.List;

/**
 * How often what was said with a confidence came true: the confidence of the leading class against its share of hits, in
 * bins of equal width.
 *
 * <p>Source: Guo et al. (2017), arXiv:1706.04599.
 *
 * @param bins from low to high confidence, empty ones too
 */
public record ReliabilityDiagram(List<Bin> bins) {
    /** The number of bins that the literature has settled on. */
    public static final int BINS = 15;

    public ReliabilityDiagram {
        bins = List.copyOf(bins);
    }

    /**
     * @param low confidences from here, inclusive
     * @param high up to here, exclusive but for the last bin
     * @param count the weight of the rows in it: their number where each weighs 1
     * @param confidence their mean confidence; NaN without rows
     * @param accuracy the share of them whose leading class is the true one; NaN without rows
     */
    public record Bin(double low, double high, double count, double confidence, double accuracy) {}

    /**
     * @param probabilities {@code [row * classes + class]}
     * @param targets the truth in the same shape: 1 at the true class, or shares where it is known softly
     * @param weights one a row, not negative
     * @param bins at least 1
     */
    public static ReliabilityDiagram of(
            double[] probabilities, double[] targets, int classes, double[] weights, int bins) {
        if (probabilities.length != targets.length || probabilities.length != (long) weights.length * classes) {
            throw new IllegalArgumentException("reliability diagram: got " + probabilities.length
                    + " probabilities and " + targets.length + " targets, need rows * classes = " + weights.length
                    + " * " + classes);
        }
        double[] confidence = new double[bins];
        double[] hits = new double[bins];
        double[] count = new double[bins];
        for (int i = 0; i < weights.length; i++) {
            int lead = i * classes;
            for (int k = lead + 1; k < (i + 1) * classes; k++) {
                lead = probabilities[k] > probabilities[lead] ? k : lead;
            }
            int bin = Math.min(bins - 1, (int) (probabilities[lead] * bins));
            confidence[bin] += weights[i] * probabilities[lead];
            hits[bin] += weights[i] * targets[lead];
            count[bin] += weights[i];
        }
        List<Bin> all = new ArrayList<>(bins);
        for (int b = 0; b < bins; b++) {
            all.add(new Bin(
                    b / (double) bins,
                    (b + 1) / (double) bins,
                    count[b],
                    confidence[b] / count[b],
                    hits[b] / count[b]));
        }
        return new ReliabilityDiagram(all);
    }

    /** The weight of all rows. */
    public double count() {
        return bins.stream().mapToDouble(Bin::count).sum();
    }

    /** Expected calibration error: the mean distance of confidence and accuracy over rows, in [0, 1]; NaN without rows. */
    public double expectedError() {
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.count > 0 ? bin.count * Math.abs(bin.confidence - bin.accuracy) : 0;
        }
        return sum / count();
    }

    /** Mean confidence less accuracy: above 0 where too much is claimed. NaN without rows. */
    public double overconfidence() {
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.count > 0 ? bin.count * (bin.confidence - bin.accuracy) : 0;
        }
        return sum / count();
    }
}
