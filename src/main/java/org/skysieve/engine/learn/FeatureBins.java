package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Cuts every feature into at most {@link #MAX_BINS} ordered bins of about equal numbers of training rows, so that a row
 * of floats becomes a row of bytes. NaN ("not measured") has a bin of its own, {@link #NAN_BIN}, on no side of any edge.
 */
final class FeatureBins {
    /** Finite values fall in bins 0 to 254 at most. */
    static final int MAX_BINS = 255;

    /** The bin of NaN, as an unsigned byte. */
    static final int NAN_BIN = 255;

    /** Quantiles are taken from at most this many rows, evenly spaced: enough for 255 bins, and it bounds the sort. */
    private static final int MAX_SORTED = 100_000;

    /** {@code edges[feature]} ascending; a value is in bin b if it is above edges[b - 1] and not above edges[b]. */
    private final float[][] edges;

    private FeatureBins(float[][] edges) {
        this.edges = edges;
    }

    /**
     * @param rows row-major, {@code [row * features + feature]}
     * @param bins the most bins for finite values, in [2, 255]
     */
    static FeatureBins fit(float[] rows, int features, int bins) {
        int n = rows.length / features;
        int step = Math.max(1, (n + MAX_SORTED - 1) / MAX_SORTED);
        float[][] edges = new float[features][];
        float[] column = new float[(n + step - 1) / step];
        for (int f = 0; f < features; f++) {
            int finite = 0;
            for (int i = 0; i < n; i += step) {
                float value = rows[i * features + f];
                if (!Float.isNaN(value)) {
                    // -0 and 0 are one value, but sort apart.
                    column[finite++] = value + 0f;
                }
            }
            Arrays.sort(column, 0, finite);
            edges[f] = edges(column, finite, bins);
        }
        return new FeatureBins(edges);
    }

    private static float[] edges(float[] sorted, int n, int bins) {
        float[] edges = new float[bins - 1];
        int count = 0;
        int distinct = n == 0 ? 0 : 1;
        for (int i = 1; i < n; i++) {
            if (sorted[i] != sorted[i - 1]) {
                distinct++;
            }
        }
        double perBin = distinct <= bins ? 0 : (double) n / bins;
        double next = perBin;
        for (int i = 1; i < n && count < bins - 1; i++) {
            if (sorted[i] != sorted[i - 1] && i >= next) {
                edges[count++] = between(sorted[i - 1], sorted[i]);
                next = Math.max(next + perBin, distinct <= bins ? 0 : i + perBin / 2);
            }
        }
        return Arrays.copyOf(edges, count);
    }

    /** A float that is at least {@code low} and below {@code high}. */
    private static float between(float low, float high) {
        float middle = (float) (0.5 * ((double) low + high));
        return middle >= high || Float.isInfinite(middle) || Float.isNaN(middle) ? low : middle;
    }

    int features() {
        return edges.length;
    }

    /** The bin of the largest values; 0 where all are equal or missing. */
    int lastBin(int feature) {
        return edges[feature].length;
    }

    /** The bin of a value as an unsigned byte, 0 to 255. */
    int bin(int feature, float value) {
        if (Float.isNaN(value)) {
            return NAN_BIN;
        }
        float[] cuts = edges[feature];
        int low = 0;
        int high = cuts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value <= cuts[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Bins one row: {@code target[feature]}. */
    void binRow(float[] rows, int from, byte[] target) {
        for (int f = 0; f < edges.length; f++) {
            target[f] = (byte) bin(f, rows[from + f]);
        }
    }

    /** Bins all rows into columns: {@code [feature][row]}. */
    byte[][] binColumns(float[] rows) {
        int features = edges.length;
        int n = rows.length / features;
        byte[][] columns = new byte[features][n];
        for (int f = 0; f < features; f++) {
            byte[] column = columns[f];
            for (int i = 0; i < n; i++) {
                column[i] = (byte) bin(f, rows[i * features + f]);
            }
        }
        return columns;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(edges.length);
        for (float[] cuts : edges) {
            out.writeByte(cuts.length);
            for (float cut : cuts) {
                out.writeFloat(cut);
            }
        }
    }

    static FeatureBins read(DataInput in) throws IOException {
        int features = in.readInt();
        if (features < 1 || features > HistogramForest.MAX_FEATURES) {
            throw new IOException("forest: got " + features + " features, need 1 to " + HistogramForest.MAX_FEATURES);
        }
        float[][] edges = new float[features][];
        for (int f = 0; f < features; f++) {
            edges[f] = new float[in.readUnsignedByte()];
            for (int i = 0; i < edges[f].length; i++) {
                edges[f][i] = in.readFloat();
                if (i > 0 && !(edges[f][i] > edges[f][i - 1])) {
                    throw new IOException("forest: the edges of feature " + f + " do not ascend");
                }
            }
        }
        return new FeatureBins(edges);
    }
}
