package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Grows one tree after the other for {@link HistogramForest}, reusing its scratch. Not for several threads. */
final class ForestGrower {
    /**
     * Nodes breadth first: child indices within the tree, leaf indices within its leaves.
     *
     * @param leaves {@code [leaf * classes + class]}
     */
    record Tree(long[] nodes, float[] leaves) {}

    private static final int HISTOGRAM = 256;

    private final byte[][] columns;
    private final int rowCount;
    private final int classes;
    private final float[] targets;
    private final double[] weights;
    private final HistogramForest.Options options;
    private final int tried;

    /** Class of each row if every target is one-hot, else empty: the common case needs one addition a row. */
    private final int[] hardClass;

    private final int[] groupOfRow;
    private final int groupCount;
    private final int[] draws;

    /** The rows of the tree, partitioned in place so that each node owns a range; ascending within a node. */
    private final int[] rows;

    private final int[] spare;
    private final double[] bagWeight;
    private final double[] histogram;
    private final double[] left;
    private final double[] total;
    private final int[] order;
    private BitSet inBag = new BitSet();

    // The best split of the node at hand.
    private double bestScore;
    private int bestFeature;
    private int bestBin;
    private boolean bestNanLeft;

    // The growing tree: a node's range of rows and depth, in the order of its making.
    private long[] nodes = new long[1024];
    private int[] start = new int[1024];
    private int[] end = new int[1024];
    private int[] depth = new int[1024];
    private int nodeCount;
    private float[] leaves = new float[1024];
    private int leafCount;

    ForestGrower(byte[][] columns, TrainingTable table, int[] groupOfRow, HistogramForest.Options options) {
        this.columns = columns;
        this.options = options;
        this.groupOfRow = groupOfRow;
        classes = table.classes();
        rowCount = table.size();
        targets = table.targetsInternal();
        weights = table.weightsInternal();
        int features = columns.length;
        tried = options.featuresPerSplit() == 0
                ? Math.max(1, (int) Math.round(Math.sqrt(features)))
                : Math.min(features, options.featuresPerSplit());
        int max = -1;
        for (int group : groupOfRow) {
            max = Math.max(max, group);
        }
        groupCount = max + 1;
        draws = new int[groupCount];
        rows = new int[rowCount];
        spare = new int[rowCount];
        bagWeight = new double[rowCount];
        histogram = new double[HISTOGRAM * classes];
        left = new double[classes];
        total = new double[classes];
        order = new int[features];
        hardClass = hardClasses(targets, rowCount, classes);
    }

    private static int[] hardClasses(float[] targets, int rowCount, int classes) {
        int[] hard = new int[rowCount];
        for (int i = 0; i < rowCount; i++) {
            hard[i] = -1;
            for (int k = 0; k < classes; k++) {
                if (targets[i * classes + k] == 1f) {
                    hard[i] = k;
                }
            }
            if (hard[i] < 0) {
                return new int[0];
            }
        }
        return hard;
    }

    /** The rows that the last tree learned from. */
    BitSet inBag() {
        return inBag;
    }

    Tree grow(SplittableRandom random) {
        int size = drawBag(random);
        Arrays.setAll(order, f -> f);
        nodeCount = 0;
        leafCount = 0;
        addNode(0, size, 0);
        // Breadth first: nodes are split in the order of their making.
        for (int node = 0; node < nodeCount; node++) {
            if (!split(node, random)) {
                makeLeaf(node);
            }
        }
        return new Tree(Arrays.copyOf(nodes, nodeCount), Arrays.copyOf(leaves, leafCount * classes));
    }

    private int drawBag(SplittableRandom random) {
        if (options.bootstrap()) {
            Arrays.fill(draws, 0);
            for (int i = 0; i < groupCount; i++) {
                draws[random.nextInt(groupCount)]++;
            }
        } else {
            Arrays.fill(draws, 1);
        }
        inBag = new BitSet(rowCount);
        int size = 0;
        for (int i = 0; i < rowCount; i++) {
            int count = draws[groupOfRow[i]];
            if (count > 0) {
                inBag.set(i);
                bagWeight[i] = count * weights[i];
                if (bagWeight[i] > 0) {
                    rows[size++] = i;
                }
            }
        }
        return size;
    }

    private void addNode(int from, int to, int level) {
        if (nodeCount == nodes.length) {
            int room = 2 * nodeCount;
            nodes = Arrays.copyOf(nodes, room);
            start = Arrays.copyOf(start, room);
            end = Arrays.copyOf(end, room);
            depth = Arrays.copyOf(depth, room);
        }
        start[nodeCount] = from;
        end[nodeCount] = to;
        depth[nodeCount] = level;
        nodeCount++;
    }

    private void makeLeaf(int node) {
        if ((leafCount + 1) * classes > leaves.length) {
            leaves = Arrays.copyOf(leaves, Math.max(2 * leaves.length, (leafCount + 1) * classes));
        }
        double sum = sumTargets(start[node], end[node]);
        for (int k = 0; k < classes; k++) {
            // A bag without weight (all its rows weigh 0) knows nothing.
            leaves[leafCount * classes + k] = (float) (sum > 0 ? total[k] / sum : 1.0 / classes);
        }
        nodes[node] = (long) leafCount << 32 | HistogramForest.LEAF;
        leafCount++;
    }

    /** Sums the targets of a range of rows into {@link #total} and returns their weight. */
    private double sumTargets(int from, int to) {
        Arrays.fill(total, 0);
        for (int i = from; i < to; i++) {
            int row = rows[i];
            for (int k = 0; k < classes; k++) {
                total[k] += bagWeight[row] * targets[row * classes + k];
            }
        }
        double sum = 0;
        for (double t : total) {
            sum += t;
        }
        return sum;
    }

    private boolean split(int node, SplittableRandom random) {
        int from = start[node];
        int to = end[node];
        if (to - from < 2 || depth[node] >= options.maxDepth()) {
            return false;
        }
        double sum = sumTargets(from, to);
        double purity = 0;
        for (double t : total) {
            purity += t * t;
        }
        purity /= sum;
        if (sum < 2 * options.minLeaf() || purity >= sum * (1 - 1e-9)) {
            return false;
        }
        bestScore = purity + 1e-9 * sum;
        bestFeature = -1;
        int features = order.length;
        for (int i = 0; i < features && (i < tried || bestFeature < 0); i++) {
            // Fisher-Yates as far as needed: beyond the wanted number only while no feature splits at all.
            int j = i + random.nextInt(features - i);
            int feature = order[j];
            order[j] = order[i];
            order[i] = feature;
            tryFeature(feature, from, to, sum);
        }
        if (bestFeature < 0) {
            return false;
        }
        int middle = partition(from, to);
        nodes[node] = (long) nodeCount << 32
                | (long) bestFeature << 16
                | (long) bestBin << 8
                | (bestNanLeft ? HistogramForest.NAN_LEFT : 0);
        addNode(from, middle, depth[node] + 1);
        addNode(middle, to, depth[node] + 1);
        return true;
    }

    private void tryFeature(int feature, int from, int to, double sum) {
        byte[] column = columns[feature];
        int low = HISTOGRAM;
        int high = -1;
        if (hardClass.length > 0) {
            for (int i = from; i < to; i++) {
                int row = rows[i];
                int bin = column[row] & 0xff;
                histogram[bin * classes + hardClass[row]] += bagWeight[row];
                low = Math.min(low, bin);
                high = Math.max(high, bin);
            }
        } else {
            for (int i = from; i < to; i++) {
                int row = rows[i];
                int bin = column[row] & 0xff;
                double weight = bagWeight[row];
                for (int k = 0; k < classes; k++) {
                    histogram[bin * classes + k] += weight * targets[row * classes + k];
                }
                low = Math.min(low, bin);
                high = Math.max(high, bin);
            }
        }
        if (low < high) {
            scan(feature, low, high, sum);
        }
        Arrays.fill(histogram, low * classes, (high + 1) * classes, 0);
    }

    /** Tries every edge between the occupied bins, with NaN on either side. */
    private void scan(int feature, int low, int high, double sum) {
        double minLeaf = options.minLeaf() * (1 - 1e-9);
        double nan = 0;
        int nanAt = FeatureBins.NAN_BIN * classes;
        boolean anyNan = high == FeatureBins.NAN_BIN;
        if (anyNan) {
            for (int k = 0; k < classes; k++) {
                nan += histogram[nanAt + k];
            }
        }
        Arrays.fill(left, 0);
        double leftSum = 0;
        int last = Math.min(high, FeatureBins.NAN_BIN - 1);
        for (int bin = low; bin <= last; bin++) {
            double inBin = 0;
            for (int k = 0; k < classes; k++) {
                double h = histogram[bin * classes + k];
                left[k] += h;
                inBin += h;
            }
            if (inBin == 0) {
                continue;
            }
            leftSum += inBin;
            double rightSum = sum - leftSum;
            if (leftSum >= minLeaf && rightSum >= minLeaf) {
                double a = 0;
                double b = 0;
                for (int k = 0; k < classes; k++) {
                    double r = total[k] - left[k];
                    a += left[k] * left[k];
                    b += r * r;
                }
                offer(feature, bin, a / leftSum + b / rightSum, nan == 0 && leftSum > rightSum);
            }
            if (nan > 0 && leftSum + nan >= minLeaf && rightSum - nan >= minLeaf) {
                double a = 0;
                double b = 0;
                for (int k = 0; k < classes; k++) {
                    double l = left[k] + histogram[nanAt + k];
                    double r = total[k] - l;
                    a += l * l;
                    b += r * r;
                }
                offer(feature, bin, a / (leftSum + nan) + b / (rightSum - nan), true);
            }
        }
    }

    private void offer(int feature, int bin, double score, boolean nanLeft) {
        if (score > bestScore) {
            bestScore = score;
            bestFeature = feature;
            bestBin = bin;
            bestNanLeft = nanLeft;
        }
    }

    /**
     * Moves the rows of the left child before those of the right one, keeping their order, and moves the edge to the
     * middle between the two; returns the border.
     */
    private int partition(int from, int to) {
        byte[] column = columns[bestFeature];
        int leftEnd = from;
        int right = 0;
        int firstRight = FeatureBins.NAN_BIN;
        for (int i = from; i < to; i++) {
            int row = rows[i];
            int bin = column[row] & 0xff;
            if (bin == FeatureBins.NAN_BIN ? bestNanLeft : bin <= bestBin) {
                rows[leftEnd++] = row;
            } else {
                spare[right++] = row;
                firstRight = Math.min(firstRight, bin);
            }
        }
        if (firstRight < FeatureBins.NAN_BIN) {
            bestBin = (bestBin + firstRight - 1) / 2;
        }
        System.arraycopy(spare, 0, rows, leftEnd, right);
        return leftEnd;
    }
}
