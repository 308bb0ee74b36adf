package org.skysieve.engine.learn;

import java.util.Arrays;

/**
 * Rows to learn from: features, a class distribution each, a weight each and the group (object) that each belongs to.
 * Rows of one group are never split between learning and judging. Immutable.
 */
public final class TrainingTable {
    private final int features;
    private final int classes;
    private final float[] rows;
    private final float[] targets;
    private final double[] weights;
    private final int[] groups;

    /**
     * All arrays are copied.
     *
     * @param rows row-major, {@code [row * features + feature]}; NaN means "not measured"
     * @param targets row-major, {@code [row * classes + class]}; each row non-negative with sum 1 (within 1e-3)
     * @param weights one a row, non-negative and finite, not all 0; only their ratios matter
     * @param groups one a row, any integers
     */
    public TrainingTable(int features, int classes, float[] rows, double[] targets, double[] weights, int[] groups) {
        if (features < 1 || features > HistogramForest.MAX_FEATURES) {
            throw new IllegalArgumentException(
                    "training table: got " + features + " features, need 1 to " + HistogramForest.MAX_FEATURES);
        }
        if (classes < 2 || classes > HistogramForest.MAX_CLASSES) {
            throw new IllegalArgumentException(
                    "training table: got " + classes + " classes, need 2 to " + HistogramForest.MAX_CLASSES);
        }
        int n = weights.length;
        if (n < 1 || rows.length != (long) n * features) {
            throw new IllegalArgumentException("training table: got " + rows.length + " values, need rows * features = "
                    + n + " * " + features + ", and at least one row");
        }
        if (targets.length != (long) n * classes || groups.length != n) {
            throw new IllegalArgumentException("training table: got " + targets.length + " targets and " + groups.length
                    + " groups, need rows * classes = " + n + " * " + classes + " and " + n);
        }
        this.features = features;
        this.classes = classes;
        this.rows = rows.clone();
        this.groups = groups.clone();
        this.targets = new float[targets.length];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double p = targets[i * classes + k];
                if (!(p >= 0)) {
                    throw new IllegalArgumentException(
                            "training table: got the target " + p + " in row " + i + ", need a probability");
                }
                sum += p;
            }
            if (!(Math.abs(sum - 1) <= 1e-3)) {
                throw new IllegalArgumentException(
                        "training table: the targets of row " + i + " sum to " + sum + ", need 1");
            }
            for (int k = 0; k < classes; k++) {
                this.targets[i * classes + k] = (float) (targets[i * classes + k] / sum);
            }
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new IllegalArgumentException(
                        "training table: got the weight " + weights[i] + " in row " + i + ", need it finite and >= 0");
            }
            total += weights[i];
        }
        if (!(total > 0) || Double.isInfinite(total)) {
            throw new IllegalArgumentException("training table: the weights sum to " + total + ", need it above 0");
        }
        // Mean 1, so that "at least 3 rows in a leaf" means the same whatever the unit of the weights.
        double scale = n / total;
        this.weights = new double[n];
        for (int i = 0; i < n; i++) {
            this.weights[i] = weights[i] * scale;
        }
    }

    /** Rows of known class, each of weight 1 and a group of its own. */
    public static TrainingTable ofClasses(int features, int classes, float[] rows, int[] labels) {
        double[] targets = new double[labels.length * classes];
        double[] weights = new double[labels.length];
        int[] groups = new int[labels.length];
        Arrays.fill(weights, 1);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "training table: got class " + labels[i] + " in row " + i + ", need 0 to " + (classes - 1));
            }
            targets[i * classes + labels[i]] = 1;
            groups[i] = i;
        }
        return new TrainingTable(features, classes, rows, targets, weights, groups);
    }

    public int size() {
        return weights.length;
    }

    public int features() {
        return features;
    }

    public int classes() {
        return classes;
    }

    /** The weight of a row; the mean over the table is 1. */
    public double weight(int row) {
        return weights[row];
    }

    public double target(int row, int klass) {
        return targets[row * classes + klass];
    }

    public int group(int row) {
        return groups[row];
    }

    /** The most probable class of a row; the first of several. */
    public int label(int row) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (targets[row * classes + k] > targets[row * classes + best]) {
                best = k;
            }
        }
        return best;
    }

    /** A copy of one row's features. */
    public float[] row(int row) {
        return Arrays.copyOfRange(rows, row * features, (row + 1) * features);
    }

    /** The table of the given rows, in the given order; a row may come more than once. */
    public TrainingTable select(int[] which) {
        float[] someRows = new float[which.length * features];
        double[] someTargets = new double[which.length * classes];
        double[] someWeights = new double[which.length];
        int[] someGroups = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(rows, which[i] * features, someRows, i * features, features);
            for (int k = 0; k < classes; k++) {
                someTargets[i * classes + k] = targets[which[i] * classes + k];
            }
            someWeights[i] = weights[which[i]];
            someGroups[i] = groups[which[i]];
        }
        return new TrainingTable(features, classes, someRows, someTargets, someWeights, someGroups);
    }

    /** The arrays themselves, for this package's loops: not to be written. */
    float[] rowsInternal() {
        return rows;
    }

    float[] targetsInternal() {
        return targets;
    }

    double[] weightsInternal() {
        return weights;
    }

    int[] groupsInternal() {
        return groups;
    }
}
