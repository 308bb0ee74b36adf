package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A random forest of classification trees (Breiman 2001, doi:10.1023/A:1010933404324) whose features are cut into one-byte bins
 * before learning, so that a split is found from a histogram in one pass over the rows.
 *
 * <p>Splits maximise the decrease of the Gini impurity of the soft targets; a leaf holds the mean target of its rows.
 * NaN is a bin of its own and goes to the side that serves the split better (to the heavier side where learning saw no
 * NaN). The bootstrap draws groups, not rows: with several rows of one object, out-of-bag predictions stay honest.
 *
 * <p>The same table, options and seed give the same forest, whatever the number of threads. Immutable.
 */
public final class HistogramForest {
    static final int MAX_FEATURES = 32_000;
    static final int MAX_CLASSES = 1_000;
    private static final int MAX_TREES = 10_000;
    private static final int FORMAT = 1;

    /** Rows that go through one tree after the other, so that the tree stays in the cache. */
    private static final int BLOCK = 4096;

    // A node is one long: child or leaf index (32 bits) | feature (16) | bin (8) | flags (8).
    static final long LEAF = 1;
    static final long NAN_LEFT = 2;

    private final FeatureBins bins;
    private final int classes;
    /** Of all trees one after the other; children and leaves are indices into the forest's arrays. */
    private final long[] nodes;

    private final int[] roots;
    private final float[] leaves;

    private HistogramForest(FeatureBins bins, int classes, long[] nodes, int[] roots, float[] leaves) {
        this.bins = bins;
        this.classes = classes;
        this.nodes = nodes;
        this.roots = roots;
        this.leaves = leaves;
    }

    /**
     * How to grow a forest.
     *
     * @param trees 1 to 10,000
     * @param bins the most bins of a feature, in [2, 255]
     * @param minLeaf the least weight of rows in a leaf, where a row of mean weight counts 1; above 0
     * @param maxDepth the most splits on a path, at least 1
     * @param featuresPerSplit features tried at a split; 0 means the square root of their number
     * @param bootstrap whether each tree learns from a resample; without it there are no out-of-bag predictions
     * @param threads at least 1; changes the speed only
     */
    public record Options(
            int trees,
            int bins,
            double minLeaf,
            int maxDepth,
            int featuresPerSplit,
            boolean bootstrap,
            int threads,
            long seed) {
        public Options {
            if (trees < 1 || trees > MAX_TREES) {
                throw new IllegalArgumentException("forest: got " + trees + " trees, need 1 to " + MAX_TREES);
            }
            if (bins < 2 || bins > FeatureBins.MAX_BINS) {
                throw new IllegalArgumentException("forest: got " + bins + " bins, need 2 to " + FeatureBins.MAX_BINS);
            }
            if (!(minLeaf > 0) || maxDepth < 1 || featuresPerSplit < 0 || threads < 1) {
                throw new IllegalArgumentException("forest: got minLeaf " + minLeaf + ", maxDepth " + maxDepth
                        + ", featuresPerSplit " + featuresPerSplit + ", threads " + threads
                        + "; need above 0, at least 1, at least 0 and at least 1");
            }
        }

        /** 100 trees, 64 bins, leaves of 1 row, unlimited depth, square root, bootstrap, one thread. */
        public static Options defaults(long seed) {
            return new Options(100, 64, 1, 1_000, 0, true, 1, seed);
        }

        public Options withTrees(int count) {
            return new Options(count, bins, minLeaf, maxDepth, featuresPerSplit, bootstrap, threads, seed);
        }

        public Options withMinLeaf(double weight) {
            return new Options(trees, bins, weight, maxDepth, featuresPerSplit, bootstrap, threads, seed);
        }

        public Options withThreads(int count) {
            return new Options(trees, bins, minLeaf, maxDepth, featuresPerSplit, bootstrap, count, seed);
        }

        public Options withSeed(long value) {
            return new Options(trees, bins, minLeaf, maxDepth, featuresPerSplit, bootstrap, threads, value);
        }
    }

    /**
     * A grown forest and what it says of its own training rows.
     *
     * @param outOfBag class probabilities of each training row from the trees that did not learn from its group,
     *     {@code [row * classes + class]}; NaN in rows that every tree learned from
     */
    public record Fit(HistogramForest forest, double[] outOfBag) {}

    /** Grows a forest. */
    public static Fit fit(TrainingTable table, Options options) {
        FeatureBins bins = FeatureBins.fit(table.rowsInternal(), table.features(), options.bins());
        byte[][] columns = bins.binColumns(table.rowsInternal());
        return grow(
                bins,
                columns,
                transpose(columns),
                table.classes(),
                table.targetsInternal(),
                table.weightsInternal(),
                denseGroups(table.groupsInternal()),
                options);
    }

    /**
     * Grows a forest from some rows that are binned already; {@code options.bins()} is what the rows were cut with or
     * more. Each row has weight 1 and is drawn by itself.
     *
     * @param which the rows to learn from, at least one
     * @param labels the class of each of them, {@code [position in which]}, 0 to {@code classes - 1}
     */
    public static Fit fit(BinnedRows rows, int[] which, int[] labels, int classes, Options options) {
        if (which.length == 0 || labels.length != which.length) {
            throw new IllegalArgumentException("forest: got " + which.length + " rows and " + labels.length
                    + " labels, need as many, at least one");
        }
        if (classes < 2 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException("forest: got " + classes + " classes, need 2 to " + MAX_CLASSES);
        }
        int features = rows.features();
        byte[] binsOfRows = rows.select(which);
        byte[][] columns = new byte[features][which.length];
        float[] targets = new float[which.length * classes];
        int[] groupOfRow = new int[which.length];
        double[] weights = new double[which.length];
        for (int i = 0; i < which.length; i++) {
            for (int f = 0; f < features; f++) {
                columns[f][i] = binsOfRows[i * features + f];
            }
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "forest: got class " + labels[i] + " of row " + which[i] + ", need 0 to " + (classes - 1));
            }
            targets[i * classes + labels[i]] = 1;
            weights[i] = 1;
            groupOfRow[i] = i;
        }
        return grow(rows.bins(), columns, binsOfRows, classes, targets, weights, groupOfRow, options);
    }

    private static Fit grow(
            FeatureBins bins,
            byte[][] columns,
            byte[] binsOfRows,
            int classes,
            float[] targets,
            double[] weights,
            int[] groupOfRow,
            Options options) {
        ForestGrower.Tree[] trees = new ForestGrower.Tree[options.trees()];
        BitSet[] inBag = new BitSet[options.trees()];
        // Each tree has its own generator, so that the order in which threads take them does not matter.
        long[] seeds = new long[options.trees()];
        SplittableRandom seeder = new SplittableRandom(options.seed());
        Arrays.setAll(seeds, t -> seeder.nextLong());
        ThreadLocal<ForestGrower> growers = ThreadLocal.withInitial(
                () -> new ForestGrower(columns, binsOfRows, classes, targets, weights, groupOfRow, options));
        parallel(options.threads(), options.trees(), t -> {
            ForestGrower grower = growers.get();
            trees[t] = grower.grow(new SplittableRandom(seeds[t]));
            inBag[t] = grower.inBag();
        });
        HistogramForest forest = join(bins, classes, trees);
        double[] outOfBag = forest.outOfBag(binsOfRows, inBag, options.threads());
        return new Fit(forest, outOfBag);
    }

    private static byte[] transpose(byte[][] columns) {
        int features = columns.length;
        byte[] rows = new byte[Math.multiplyExact(columns[0].length, features)];
        for (int f = 0; f < features; f++) {
            for (int i = 0; i < columns[f].length; i++) {
                rows[i * features + f] = columns[f][i];
            }
        }
        return rows;
    }

    private static int[] denseGroups(int[] groups) {
        int[] distinct = Arrays.stream(groups).sorted().distinct().toArray();
        int[] dense = new int[groups.length];
        Arrays.setAll(dense, i -> Arrays.binarySearch(distinct, groups[i]));
        return dense;
    }

    private static HistogramForest join(FeatureBins bins, int classes, ForestGrower.Tree[] trees) {
        int nodeCount = 0;
        int leafValues = 0;
        for (ForestGrower.Tree tree : trees) {
            nodeCount += tree.nodes().length;
            leafValues += tree.leaves().length;
        }
        long[] nodes = new long[nodeCount];
        float[] leaves = new float[leafValues];
        int[] roots = new int[trees.length];
        int node = 0;
        int value = 0;
        for (int t = 0; t < trees.length; t++) {
            long[] own = trees[t].nodes();
            roots[t] = node;
            for (int i = 0; i < own.length; i++) {
                int offset = (own[i] & LEAF) != 0 ? value / classes : node;
                nodes[node + i] = own[i] + ((long) offset << 32);
            }
            System.arraycopy(trees[t].leaves(), 0, leaves, value, trees[t].leaves().length);
            node += own.length;
            value += trees[t].leaves().length;
        }
        return new HistogramForest(bins, classes, nodes, roots, leaves);
    }

    private double[] outOfBag(byte[] binsOfRows, BitSet[] inBag, int threads) {
        int features = bins.features();
        int n = binsOfRows.length / features;
        double[] sums = new double[n * classes];
        int[] votes = new int[n];
        parallel(threads, (n + BLOCK - 1) / BLOCK, b -> {
            int from = b * BLOCK;
            int to = Math.min(n, from + BLOCK);
            for (int t = 0; t < roots.length; t++) {
                for (int i = inBag[t].nextClearBit(from); i < to; i = inBag[t].nextClearBit(i + 1)) {
                    addLeaf(leaf(roots[t], binsOfRows, i * features), sums, i * classes);
                    votes[i]++;
                }
            }
            for (int i = from * classes; i < to * classes; i++) {
                // 0 / 0 is NaN: no tree may speak of this row.
                sums[i] /= votes[i / classes];
            }
        });
        return sums;
    }

    /** Runs {@code body} on 0 to {@code count - 1}; what one task throws stops the rest and reaches the caller. */
    private static void parallel(int threads, int count, IntConsumer body) {
        if (threads == 1 || count == 1) {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count), task -> {
            Thread thread = new Thread(task, "forest");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> futures = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int task = i;
                futures.add(pool.submit(() -> body.accept(task)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("forest: interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("forest: a tree failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    public int features() {
        return bins.features();
    }

    public int classes() {
        return classes;
    }

    public int trees() {
        return roots.length;
    }

    /** Nodes of all trees, leaves among them: the size of the forest in words. */
    public int nodes() {
        return nodes.length;
    }

    /** Class probabilities of one row, {@code [class]}: the mean over the trees. */
    public double[] probabilities(float[] row) {
        double[] mean = new double[classes];
        check(row.length);
        byte[] binned = new byte[bins.features()];
        bins.binRow(row, 0, binned);
        mean(binned, 0, mean, 0);
        return mean;
    }

    /**
     * Class probabilities of many rows, {@code [row * classes + class]}.
     *
     * @param rows row-major, {@code [row * features + feature]}
     */
    public double[] probabilitiesOfAll(float[] rows) {
        int features = bins.features();
        if (rows.length % features != 0) {
            throw new IllegalArgumentException(
                    "forest: got " + rows.length + " values, need a multiple of " + features + " features");
        }
        int n = rows.length / features;
        double[] mean = new double[n * classes];
        byte[] binned = new byte[Math.min(n, BLOCK) * features];
        byte[] one = new byte[features];
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            for (int i = 0; i < size; i++) {
                bins.binRow(rows, (from + i) * features, one);
                System.arraycopy(one, 0, binned, i * features, features);
            }
            for (int root : roots) {
                for (int i = 0; i < size; i++) {
                    addLeaf(leaf(root, binned, i * features), mean, (from + i) * classes);
                }
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= roots.length;
        }
        return mean;
    }

    /**
     * What a forest thinks of some rows: its probabilities, and how much of its doubt the trees share.
     *
     * @param probabilities the mean over the trees, {@code [row * classes + class]}
     * @param expectedEntropy the mean over the trees of the entropy of what each says, nats, {@code [row]}: 0 where
     *     every tree is sure of itself. The entropy of the mean less this is what the trees disagree about
     */
    public record Opinions(double[] probabilities, double[] expectedEntropy) {
        public Opinions {
            if (expectedEntropy.length > 0 && probabilities.length % expectedEntropy.length != 0) {
                throw new IllegalArgumentException("opinions: got " + probabilities.length + " probabilities and "
                        + expectedEntropy.length + " entropies, need rows * classes and rows");
            }
        }
    }

    /**
     * What the forest thinks of some of the rows.
     *
     * @param rows cut at the edges that this forest learned with
     */
    public Opinions opinions(BinnedRows rows, int[] which) {
        if (rows.bins() != bins) {
            throw new IllegalArgumentException("forest: got rows of other bins, need those that it learned with");
        }
        int features = bins.features();
        byte[] values = rows.valuesInternal();
        double[] leafEntropy = leafEntropies();
        double[] mean = new double[which.length * classes];
        double[] entropy = new double[which.length];
        for (int from = 0; from < which.length; from += BLOCK) {
            int to = Math.min(which.length, from + BLOCK);
            for (int root : roots) {
                for (int i = from; i < to; i++) {
                    int leaf = leaf(root, values, which[i] * features);
                    addLeaf(leaf, mean, i * classes);
                    entropy[i] += leafEntropy[leaf];
                }
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= roots.length;
        }
        for (int i = 0; i < entropy.length; i++) {
            entropy[i] /= roots.length;
        }
        return new Opinions(mean, entropy);
    }

    private double[] leafEntropies() {
        double[] entropies = new double[leafCount()];
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i] > 0) {
                entropies[i / classes] -= leaves[i] * Math.log(leaves[i]);
            }
        }
        return entropies;
    }

    /** What each tree says of one row, {@code [tree * classes + class]}. */
    public double[] treeProbabilities(float[] row) {
        check(row.length);
        byte[] binned = new byte[bins.features()];
        bins.binRow(row, 0, binned);
        double[] all = new double[roots.length * classes];
        for (int t = 0; t < roots.length; t++) {
            addLeaf(leaf(roots[t], binned, 0), all, t * classes);
        }
        return all;
    }

    /** The ids of the leaves that one row falls in, {@code [tree]}, unique over the forest: 0 to leafCount - 1. */
    public int[] leafIds(float[] row) {
        check(row.length);
        byte[] binned = new byte[bins.features()];
        bins.binRow(row, 0, binned);
        int[] ids = new int[roots.length];
        Arrays.setAll(ids, t -> leaf(roots[t], binned, 0));
        return ids;
    }

    public int leafCount() {
        return leaves.length / classes;
    }

    private void check(int got) {
        if (got != bins.features()) {
            throw new IllegalArgumentException("forest: got " + got + " features, need " + bins.features());
        }
    }

    private void mean(byte[] binned, int from, double[] target, int at) {
        for (int root : roots) {
            addLeaf(leaf(root, binned, from), target, at);
        }
        for (int k = 0; k < classes; k++) {
            target[at + k] /= roots.length;
        }
    }

    private int leaf(int root, byte[] binned, int from) {
        long node = nodes[root];
        while ((node & LEAF) == 0) {
            int bin = binned[from + ((int) (node >>> 16) & 0xffff)] & 0xff;
            int left = (int) (node >>> 32);
            boolean goLeft = bin == FeatureBins.NAN_BIN ? (node & NAN_LEFT) != 0 : bin <= ((int) (node >>> 8) & 0xff);
            node = nodes[goLeft ? left : left + 1];
        }
        return (int) (node >>> 32);
    }

    private void addLeaf(int leaf, double[] target, int at) {
        for (int k = 0; k < classes; k++) {
            target[at + k] += leaves[leaf * classes + k];
        }
    }

    /** Writes the forest: about 4 bytes a split and 4 a class and leaf. {@link #read} gives an equal forest back. */
    public void write(DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        out.writeShort(classes);
        bins.write(out);
        out.writeInt(roots.length);
        out.writeInt(nodes.length);
        for (int t = 0; t < roots.length; t++) {
            out.writeInt((t + 1 < roots.length ? roots[t + 1] : nodes.length) - roots[t]);
        }
        // Trees are stored breadth first, so a child's place follows from the number of splits before it.
        for (long node : nodes) {
            out.writeByte((int) (node & 0xff));
            if ((node & LEAF) == 0) {
                out.writeShort((int) (node >>> 16) & 0xffff);
                out.writeByte((int) (node >>> 8) & 0xff);
            }
        }
        for (float value : leaves) {
            out.writeFloat(value);
        }
    }

    /** @throws IOException if the bytes are not a forest, or of a newer format */
    public static HistogramForest read(DataInput in) throws IOException {
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IOException("forest: got format " + format + ", need " + FORMAT);
        }
        int classes = in.readUnsignedShort();
        if (classes < 2 || classes > MAX_CLASSES) {
            throw new IOException("forest: got " + classes + " classes, need 2 to " + MAX_CLASSES);
        }
        FeatureBins bins = FeatureBins.read(in);
        int trees = in.readInt();
        int nodeCount = in.readInt();
        if (trees < 1 || trees > MAX_TREES || nodeCount < trees || nodeCount > 1 << 26) {
            throw new IOException("forest: got " + trees + " trees of " + nodeCount + " nodes in all");
        }
        int[] roots = new int[trees];
        long[] sizes = new long[trees];
        long sum = 0;
        for (int t = 0; t < trees; t++) {
            roots[t] = (int) sum;
            sizes[t] = in.readInt();
            sum += sizes[t];
            if (sizes[t] < 1 || sum > nodeCount) {
                throw new IOException("forest: tree " + t + " has " + sizes[t] + " nodes, which do not fit");
            }
        }
        if (sum != nodeCount) {
            throw new IOException("forest: the trees have " + sum + " nodes, need " + nodeCount);
        }
        long[] nodes = new long[nodeCount];
        int leafCount = 0;
        for (int t = 0; t < trees; t++) {
            int end = (int) (roots[t] + sizes[t]);
            int nextChild = roots[t] + 1;
            for (int i = roots[t]; i < end; i++) {
                int flags = in.readUnsignedByte();
                if ((flags & LEAF) != 0) {
                    nodes[i] = (long) leafCount++ << 32 | LEAF;
                } else {
                    int feature = in.readUnsignedShort();
                    int bin = in.readUnsignedByte();
                    if (feature >= bins.features() || nextChild + 1 >= end || nextChild <= i) {
                        throw new IOException("forest: node " + i + " splits feature " + feature + " of "
                                + bins.features() + ", or has no room for its children");
                    }
                    nodes[i] = (long) nextChild << 32 | (long) feature << 16 | (long) bin << 8 | flags & NAN_LEFT;
                    nextChild += 2;
                }
            }
            if (nextChild != end) {
                throw new IOException("forest: tree " + t + " has nodes that no split reaches");
            }
        }
        if ((long) leafCount * classes > 1 << 28) {
            throw new IOException("forest: got " + leafCount + " leaves of " + classes + " classes, which is too many");
        }
        float[] leaves = new float[leafCount * classes];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = in.readFloat();
        }
        return new HistogramForest(bins, classes, nodes, roots, leaves);
    }
}
