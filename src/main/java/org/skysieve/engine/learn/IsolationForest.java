package org.skysieve.engine.learn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How much a row stands out from the others, without any label: an isolation forest. Each tree cuts a random sample of
 * psi rows at random places of random features until every row is alone; what stands out is alone after few cuts.
 *
 * <pre>
 *   s(x) = 2^(-E[h(x)] / c(psi)),     c(n) = 2 H(n - 1) - 2 (n - 1) / n,     H(i) = 1 + 1/2 + ... + 1/i
 * </pre>
 *
 * where h(x) is the number of cuts down to the leaf of x, plus c(n) for the n rows that are still together in it, and E
 * the mean over the trees. c(n) is the mean length of such a way among n rows (an unsuccessful search in a binary search
 * tree), so s is about one half where nothing stands out, near 1 for what is alone at once, and below one half in a
 * crowd. A tree stops at a depth of ceil(log2 psi): how deep a row lies in the crowd does not matter.
 * Source: Liu, Ting and Zhou (2008), doi:10.1109/ICDM.2008.17, formulas 1 and 2. They take H(i) as ln i + 0.5772; here it
 * is the sum itself, which gives c(2) = 1 without an exception.
 *
 * <p>A missing value (NaN) counts as the median of its feature: not having been measured does not make a row stand out.
 * Features that are the same for all rows of a node are not cut. Immutable and safe for several threads.
 */
public final class IsolationForest {
    public static final int MAX_TREES = 10_000;
    public static final int MAX_SAMPLE = 4096;

    private static final int FORMAT = 1;
    private static final int LEAF = -1;

    /** What is larger counts as this large, so that the range of a feature is finite. */
    private static final float LARGEST = 1e30f;

    private final int sample;
    /** By feature, for rows that lack it. */
    private final float[] medians;

    private final int[] roots;

    // Nodes of all trees, each before its left child, which follows at once.
    private final short[] feature;
    /** Below it lies the left side; of a leaf, the length of the whole way to it: depth + c(rows in it). */
    private final float[] value;

    private final int[] right;

    /**
     * How to grow a forest.
     *
     * @param trees 1 to {@value #MAX_TREES}
     * @param sample rows of a tree, 2 to {@value #MAX_SAMPLE}; all rows where there are fewer
     */
    public record Options(int trees, int sample, long seed) {
        public Options {
            if (trees < 1 || trees > MAX_TREES || sample < 2 || sample > MAX_SAMPLE) {
                throw new IllegalArgumentException("isolation forest: got " + trees + " trees of " + sample
                        + " rows, need 1 to " + MAX_TREES + " of 2 to " + MAX_SAMPLE);
            }
        }

        /** 100 trees of 256 rows, as in the paper: more of either changes little. */
        public static Options usual(long seed) {
            return new Options(100, 256, seed);
        }
    }

    private IsolationForest(int sample, float[] medians, int[] roots, short[] feature, float[] value, int[] right) {
        this.sample = sample;
        this.medians = medians;
        this.roots = roots;
        this.feature = feature;
        this.value = value;
        this.right = right;
    }

    /**
     * c(n): the mean number of cuts until a row is alone among {@code rows} rows.
     *
     * @param rows at least 1
     */
    public static double averagePath(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("isolation forest: got " + rows + " rows, need 1 or more");
        }
        double harmonic = 0;
        for (int i = 1; i < rows; i++) {
            harmonic += 1.0 / i;
        }
        return 2 * harmonic - 2.0 * (rows - 1) / rows;
    }

    /**
     * Grows a forest. The same rows, options and seed give the same forest.
     *
     * @param rows row-major, {@code [row * features + feature]}, at least two rows; NaN means "not measured"
     */
    public static IsolationForest fit(float[] rows, int features, Options options) {
        if (features < 1 || features > HistogramForest.MAX_FEATURES) {
            throw new IllegalArgumentException(
                    "isolation forest: got " + features + " features, need 1 to " + HistogramForest.MAX_FEATURES);
        }
        int n = rows.length / features;
        if (n < 2 || rows.length != n * features) {
            throw new IllegalArgumentException("isolation forest: got " + rows.length
                    + " values, need at least 2 rows of " + features + " features");
        }
        return new Grower(rows, features, options).grow();
    }

    public int features() {
        return medians.length;
    }

    public int trees() {
        return roots.length;
    }

    /**
     * How much a row stands out, in (0, 1].
     *
     * @param row its {@link #features()} values; NaN means "not measured"
     */
    public double score(float[] row) {
        if (row.length != medians.length) {
            throw new IllegalArgumentException(
                    "isolation forest: got " + row.length + " features, need " + medians.length);
        }
        return score(row, 0);
    }

    /** @param rows row-major; gives one score a row */
    public float[] scoresOfAll(float[] rows) {
        if (rows.length % medians.length != 0) {
            throw new IllegalArgumentException("isolation forest: got " + rows.length + " values, need a multiple of "
                    + medians.length + " features");
        }
        float[] scores = new float[rows.length / medians.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) score(rows, i * medians.length);
        }
        return scores;
    }

    private double score(float[] rows, int from) {
        double length = 0;
        for (int root : roots) {
            int node = root;
            while (feature[node] != LEAF) {
                int f = feature[node];
                node = known(rows[from + f], medians[f]) < value[node] ? node + 1 : right[node];
            }
            length += value[node];
        }
        return Math.pow(2, -length / roots.length / averagePath(sample));
    }

    private static float known(float value, float median) {
        return Float.isNaN(value) ? median : Math.max(-LARGEST, Math.min(LARGEST, value));
    }

    private static final class Grower {
        private final int features;
        private final int n;
        private final Options options;
        private final int sample;
        private final int deepest;
        private final float[] medians;
        private final float[] known;
        private final int[] order;
        private final int[] all;
        private final double[] averagePaths;
        private final SplittableRandom random;

        private short[] feature = new short[1024];
        private float[] value = new float[1024];
        private int[] right = new int[1024];
        private int nodes;

        Grower(float[] rows, int features, Options options) {
            this.features = features;
            this.options = options;
            n = rows.length / features;
            sample = Math.min(options.sample, n);
            deepest = 32 - Integer.numberOfLeadingZeros(sample - 1);
            medians = medians(rows, features);
            known = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                known[i] = known(rows[i], medians[i % features]);
            }
            order = new int[features];
            Arrays.setAll(order, f -> f);
            all = new int[n];
            Arrays.setAll(all, i -> i);
            averagePaths = new double[sample + 1];
            for (int i = 1; i <= sample; i++) {
                averagePaths[i] = averagePath(i);
            }
            random = new SplittableRandom(options.seed);
        }

        IsolationForest grow() {
            int[] roots = new int[options.trees];
            for (int t = 0; t < roots.length; t++) {
                roots[t] = nodes;
                // The first so many of a shuffle: a sample without replacement.
                for (int i = 0; i < sample; i++) {
                    swap(all, i, i + random.nextInt(n - i));
                }
                grow(0, sample, 0);
            }
            return new IsolationForest(
                    sample,
                    medians,
                    roots,
                    Arrays.copyOf(feature, nodes),
                    Arrays.copyOf(value, nodes),
                    Arrays.copyOf(right, nodes));
        }

        /** Grows the node of the rows {@code all[from..to)}, and all below it. */
        private void grow(int from, int to, int depth) {
            int node = nodes++;
            if (node == feature.length) {
                feature = Arrays.copyOf(feature, 2 * node);
                value = Arrays.copyOf(value, 2 * node);
                right = Arrays.copyOf(right, 2 * node);
            }
            feature[node] = LEAF;
            value[node] = (float) (depth + averagePaths[to - from]);
            if (to - from < 2 || depth == deepest) {
                return;
            }
            // The features in random order until one is not the same for all.
            for (int i = 0; i < features; i++) {
                swap(order, i, i + random.nextInt(features - i));
                int f = order[i];
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (int k = from; k < to; k++) {
                    float x = known[all[k] * features + f];
                    low = Math.min(low, x);
                    high = Math.max(high, x);
                }
                if (low < high) {
                    cut(node, f, place(low, high), from, to, depth);
                    return;
                }
            }
        }

        private void cut(int node, int f, float place, int from, int to, int depth) {
            int middle = from;
            for (int k = from; k < to; k++) {
                if (known[all[k] * features + f] < place) {
                    swap(all, k, middle++);
                }
            }
            feature[node] = (short) f;
            value[node] = place;
            grow(from, middle, depth + 1);
            right[node] = nodes;
            grow(middle, to, depth + 1);
        }

        /** Above {@code low} and not above {@code high}, so that something lies on both sides. */
        private float place(float low, float high) {
            float place = (float) (low + random.nextDouble() * ((double) high - low));
            return place > low ? Math.min(place, high) : high;
        }

        private static void swap(int[] values, int i, int j) {
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }

        /** The lower median of what is measured; 0 where nothing is. */
        private static float[] medians(float[] rows, int features) {
            float[] medians = new float[features];
            float[] column = new float[rows.length / features];
            for (int f = 0; f < features; f++) {
                int measured = 0;
                for (int i = f; i < rows.length; i += features) {
                    if (!Float.isNaN(rows[i])) {
                        column[measured++] = known(rows[i], 0);
                    }
                }
                Arrays.sort(column, 0, measured);
                medians[f] = measured == 0 ? 0 : column[(measured - 1) / 2];
            }
            return medians;
        }
    }

    /** {@link #load} gives back a forest that says exactly the same. */
    public byte[] save() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeShort(medians.length);
            out.writeShort(sample);
            for (float median : medians) {
                out.writeFloat(median);
            }
            out.writeShort(roots.length);
            out.writeInt(feature.length);
            for (int root : roots) {
                out.writeInt(root);
            }
            for (int i = 0; i < feature.length; i++) {
                out.writeShort(feature[i]);
                out.writeFloat(value[i]);
                if (feature[i] != LEAF) {
                    out.writeInt(right[i]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("isolation forest: writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are not a forest, or of a version that this code cannot read */
    public static IsolationForest load(byte[] saved) {
        try (var in = new DataInputStream(new ByteArrayInputStream(saved))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IOException("got format " + format + ", need " + FORMAT);
            }
            float[] medians = new float[in.readUnsignedShort()];
            int sample = in.readUnsignedShort();
            for (int f = 0; f < medians.length; f++) {
                medians[f] = in.readFloat();
            }
            int trees = in.readUnsignedShort();
            int nodes = in.readInt();
            // A tree of n leaves has 2 n - 1 nodes.
            if (sample < 2 || sample > MAX_SAMPLE || trees < 1 || nodes < trees || nodes > trees * (2L * sample - 1)) {
                throw new IOException("got " + trees + " trees of " + sample + " rows with " + nodes + " nodes");
            }
            int[] roots = new int[trees];
            for (int t = 0; t < trees; t++) {
                roots[t] = in.readInt();
                if (roots[t] < 0 || roots[t] >= nodes) {
                    throw new IOException("got a root at " + roots[t] + " of " + nodes + " nodes");
                }
            }
            short[] feature = new short[nodes];
            float[] value = new float[nodes];
            int[] right = new int[nodes];
            for (int i = 0; i < nodes; i++) {
                feature[i] = in.readShort();
                value[i] = in.readFloat();
                if (feature[i] != LEAF) {
                    right[i] = in.readInt();
                    // Children lie behind their parents, so that every way ends.
                    if (feature[i] < 0 || feature[i] >= medians.length || right[i] <= i + 1 || right[i] >= nodes) {
                        throw new IOException("got a node " + i + " that cuts feature " + feature[i] + " and leads to "
                                + right[i] + ", of " + medians.length + " features and " + nodes + " nodes");
                    }
                }
            }
            return new IsolationForest(sample, medians, roots, feature, value, right);
        } catch (IOException e) {
            throw new IllegalArgumentException("isolation forest: cannot read the saved forest: " + e.getMessage(), e);
        }
    }
}
