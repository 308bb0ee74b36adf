package org.skysieve.engine.learn;

import java.util.Arrays;

import org.skysieve.engine.math.LogLoss;
import org.skysieve.engine.math.ReliabilityDiagram;

/**
 * Measures of how good class probabilities are. Targets may be soft: a row whose target is (.9, .1) counts nine tenths
 * as a row of class 0 and one tenth as a row of class 1.
 *
 * <p>Throughout, {@code probabilities} and {@code targets} are {@code [row * classes + class]}, {@code weights} one a
 * row (non-negative). A measure without rows, or the AUC without both classes, is NaN: not measurable.
 */
public final class Metrics {
    /** Log losses are cut here: a forest may say 0. */
    static final double LEAST_PROBABILITY = 1e-6;

    private Metrics() {}

    /**
     * Area under the receiver operating characteristic: the probability that a positive row scores above a negative
     * one, ties counting one half (Mann and Whitney 1947).
     *
     * @param positive the probability that each row is positive, in [0, 1]
     */
    public static double auc(double[] scores, double[] positive, double[] weights) {
        Integer[] boxed = new Integer[scores.length];
        Arrays.setAll(boxed, i -> i);
        Arrays.sort(boxed, (a, b) -> Double.compare(scores[a], scores[b]));
        int[] order = new int[boxed.length];
        Arrays.setAll(order, i -> boxed[i]);
        return auc(order, scores, positive, weights);
    }

    /** As above, with {@code order} sorting the scores: for the many passes of a bootstrap. */
    static double auc(int[] order, double[] scores, double[] positive, double[] weights) {
        double below = 0;
        double area = 0;
        double positives = 0;
        double negatives = 0;
        double self = 0;
        for (int i = 0; i < order.length; ) {
            int end = i;
            double positiveHere = 0;
            double negativeHere = 0;
            while (end < order.length && scores[order[end]] == scores[order[i]]) {
                int row = order[end++];
                double p = weights[row] * positive[row];
                double q = weights[row] * (1 - positive[row]);
                positiveHere += p;
                negativeHere += q;
                // A soft row would be compared with itself.
                self += p * q;
            }
            area += positiveHere * (below + .5 * negativeHere);
            below += negativeHere;
            positives += positiveHere;
            negatives += negativeHere;
            i = end;
        }
        double pairs = positives * negatives - self;
        return pairs > 1e-12 ? (area - .5 * self) / pairs : Double.NaN;
    }

    /** Mean of -sum(target ln p), nats; p is cut at 1e-6. */
    public static double logLoss(double[] probabilities, double[] targets, int classes, double[] weights) {
        return LogLoss.mean(probabilities, targets, classes, weights, LEAST_PROBABILITY);
    }

    /** Mean squared distance between probabilities and the true class, summed over the classes (Brier 1950): 0 to 2. */
    public static double brier(double[] probabilities, double[] targets, int classes, double[] weights) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            double squares = 0;
            for (int k = i * classes; k < (i + 1) * classes; k++) {
                // Expected over a soft target: t (1 - p)^2 + (1 - t) p^2.
                double p = probabilities[k];
                squares += targets[k] * (1 - p) * (1 - p) + (1 - targets[k]) * p * p;
            }
            sum += weights[i] * squares;
            total += weights[i];
        }
        return sum / total;
    }

    /**
     * Expected calibration error of the leading class: the mean distance between confidence and the share of hits, over
     * 15 bins of equal width (Guo et al. 2017, arXiv:1706.04599).
     */
    public static double calibrationError(double[] probabilities, double[] targets, int classes, double[] weights) {
        return ReliabilityDiagram.of(probabilities, targets, classes, weights, ReliabilityDiagram.BINS)
                .expectedError();
    }

    /** The share of rows whose leading class is the true one. */
    public static double accuracy(double[] probabilities, double[] targets, int classes, double[] weights) {
        double hits = 0;
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            hits += weights[i] * targets[i * classes + leading(probabilities, classes, i)];
            total += weights[i];
        }
        return hits / total;
    }

    /** The share of the rows of {@code klass} whose probability of it is at least {@code threshold}. */
    public static double completeness(
            double[] probabilities, double[] targets, int classes, double[] weights, int klass, double threshold) {
        double found = 0;
        double all = 0;
        for (int i = 0; i < weights.length; i++) {
            double t = weights[i] * targets[i * classes + klass];
            all += t;
            found += probabilities[i * classes + klass] >= threshold ? t : 0;
        }
        return all > 0 ? found / all : Double.NaN;
    }

    /** The share of {@code klass} among the rows whose probability of it is at least {@code threshold}. */
    public static double purity(
            double[] probabilities, double[] targets, int classes, double[] weights, int klass, double threshold) {
        double right = 0;
        double chosen = 0;
        for (int i = 0; i < weights.length; i++) {
            if (probabilities[i * classes + klass] >= threshold) {
                right += weights[i] * targets[i * classes + klass];
                chosen += weights[i];
            }
        }
        return chosen > 0 ? right / chosen : Double.NaN;
    }

    static int leading(double[] probabilities, int classes, int row) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (probabilities[row * classes + k] > probabilities[row * classes + best]) {
                best = k;
            }
        }
        return best;
    }

    /** The column of one class. */
    static double[] column(double[] table, int classes, int klass) {
        double[] column = new double[table.length / classes];
        Arrays.setAll(column, i -> table[i * classes + klass]);
        return column;
    }
}
