package org.skysieve.cli;

import java.util.Arrays;

/** Rows with features, a group each, whether it is positive, and whether its label is known from the start. */
final class FeatureTable {
    private final int features;
    private final float[] values;
    private final int[] groups;
    private final boolean[] positive;
    private final boolean[] start;
    private final int positives;

    /**
     * The arrays are kept.
     *
     * @param values {@code [row * features + feature]}, NaN where not measured
     * @param groups one a row, from 0: rows of one group are never split between pool and test
     */
    FeatureTable(int features, float[] values, int[] groups, boolean[] positive, boolean[] start) {
        if (values.length != (long) features * groups.length
                || positive.length != groups.length
                || start.length != groups.length) {
            throw new IllegalArgumentException("feature table: got " + values.length + " values, " + positive.length
                    + " labels and " + start.length + " start marks, need " + groups.length + " rows of " + features);
        }
        this.features = features;
        this.values = values;
        this.groups = groups;
        this.positive = positive;
        this.start = start;
        int count = 0;
        for (boolean p : positive) {
            count += p ? 1 : 0;
        }
        positives = count;
    }

    FeatureTable select(int[] rows) {
        float[] someValues = new float[rows.length * features];
        int[] someGroups = new int[rows.length];
        boolean[] somePositive = new boolean[rows.length];
        boolean[] someStart = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * features, someValues, i * features, features);
            someGroups[i] = groups[rows[i]];
            somePositive[i] = positive[rows[i]];
            someStart[i] = start[rows[i]];
        }
        return new FeatureTable(features, someValues, someGroups, somePositive, someStart);
    }

    /** The rows of this table, then those of another with the same features. */
    FeatureTable and(FeatureTable other) {
        int n = size() + other.size();
        float[] allValues = Arrays.copyOf(values, n * features);
        int[] allGroups = Arrays.copyOf(groups, n);
        boolean[] allPositive = Arrays.copyOf(positive, n);
        boolean[] allStart = Arrays.copyOf(start, n);
        System.arraycopy(other.values, 0, allValues, values.length, other.values.length);
        System.arraycopy(other.groups, 0, allGroups, size(), other.size());
        System.arraycopy(other.positive, 0, allPositive, size(), other.size());
        System.arraycopy(other.start, 0, allStart, size(), other.size());
        return new FeatureTable(features, allValues, allGroups, allPositive, allStart);
    }

    int size() {
        return groups.length;
    }

    int features() {
        return features;
    }

    /** The array itself: not to be written. */
    float[] values() {
        return values;
    }

    int group(int row) {
        return groups[row];
    }

    boolean isPositive(int row) {
        return positive[row];
    }

    boolean isStart(int row) {
        return start[row];
    }

    int positives() {
        return positives;
    }

    int starts() {
        int count = 0;
        for (boolean s : start) {
            count += s ? 1 : 0;
        }
        return count;
    }

    @Override
    public String toString() {
        return size() + " rows, " + positives + " of them positive, "
                + Arrays.stream(groups).distinct().count() + " groups, " + features + " features";
    }
}
