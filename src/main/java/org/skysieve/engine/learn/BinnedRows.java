package org.skysieve.engine.learn;

import java.util.stream.IntStream;

/**
 * Rows of features cut into bins once, for the many forests of an active-learning run: each of them learns from a few
 * rows and judges all, and cutting rows into bins costs more than growing a hundred small trees. The bins are those of
 * all rows given, labelled or not: what the features look like is known before any label is. Immutable.
 */
public final class BinnedRows {
    private final FeatureBins bins;
    /** {@code [row * features + feature]}, unsigned. */
    private final byte[] values;

    private BinnedRows(FeatureBins bins, byte[] values) {
        this.bins = bins;
        this.values = values;
    }

    /**
     * @param rows row-major, {@code [row * features + feature]}; NaN means "not measured"
     * @param mostBins of a feature, in [2, 255]; about equally many rows fall in each
     */
    public static BinnedRows of(float[] rows, int features, int mostBins) {
        if (features < 1 || features > HistogramForest.MAX_FEATURES) {
            throw new IllegalArgumentException(
                    "binned rows: got " + features + " features, need 1 to " + HistogramForest.MAX_FEATURES);
        }
        if (rows.length == 0 || rows.length % features != 0) {
            throw new IllegalArgumentException("binned rows: got " + rows.length
                    + " values, need a positive multiple of " + features + " features");
        }
        if (mostBins < 2 || mostBins > FeatureBins.MAX_BINS) {
            throw new IllegalArgumentException(
                    "binned rows: got " + mostBins + " bins, need 2 to " + FeatureBins.MAX_BINS);
        }
        return cut(FeatureBins.fit(rows, features, mostBins), rows);
    }

    /** Other rows of the same features, cut at the same edges: those of a test set. */
    public BinnedRows others(float[] rows) {
        if (rows.length % features() != 0) {
            throw new IllegalArgumentException(
                    "binned rows: got " + rows.length + " values, need a multiple of " + features() + " features");
        }
        return cut(bins, rows);
    }

    private static BinnedRows cut(FeatureBins bins, float[] rows) {
        int features = bins.features();
        byte[] values = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = (byte) bins.bin(i % features, rows[i]);
        }
        return new BinnedRows(bins, values);
    }

    public int size() {
        return values.length / bins.features();
    }

    public int features() {
        return bins.features();
    }

    /**
     * The place of every value among the rows that the bins were made of, in [0, 1] up to the width of a bin,
     * {@code [row * features + feature]}; one half where it is not measured. Unlike the values themselves these can be
     * compared between features, and no outlier outweighs the rest: good for distances.
     */
    public float[] ranks() {
        int features = features();
        float[] ranks = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int bin = values[i] & 0xff;
            int last = bins.lastBin(i % features);
            ranks[i] = bin == FeatureBins.NAN_BIN || last == 0 ? .5f : (float) bin / last;
        }
        return ranks;
    }

    FeatureBins bins() {
        return bins;
    }

    /** The array itself, for this package's loops: not to be written. */
    byte[] valuesInternal() {
        return values;
    }

    /** The bins of some rows, {@code [row * features + feature]}. */
    byte[] select(int[] which) {
        int features = features();
        byte[] some = new byte[Math.multiplyExact(which.length, features)];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(values, which[i] * features, some, i * features, features);
        }
        return some;
    }

    /** Every row's number. */
    public int[] all() {
        return IntStream.range(0, size()).toArray();
    }
}
