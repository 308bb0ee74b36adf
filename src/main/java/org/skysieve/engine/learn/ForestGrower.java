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
    private static final int TINY_NODE = 64;

    private final byte[][] columns;
    /** The same by row, {@code [row * features + feature]}. */
    private final byte[] binsOfRows;

    /** Nodes of fewer rows read the bins by row. */
    private final int smallNode;

    private final int rowCount;
    private final int classes;
    private final float[] targets;
    private final double[] weights;
    private final HistogramForest.Options options;
    private final int tried;

    /** Class of each row if every target is one-hot, else empty: the common case needs one addition a row. */
    private final short[] hardClass;

    private final int[] groupOfRow;
    private final int groupCount;
    private final int[] draws;

    /** The rows of the tree, partitioned in place so that each node owns a range; ascending within a node. */
    private final int[] rows;

    // Moved along with the rows: reading them in order spares the cache, only the bins are looked up by row.
    private final float[] bagWeight;
    private final short[] bagClass;
    private final int[] spareRows;
    private final float[] spareWeight;
    private final short[] spareClass;
    private final double[] histogram;
    private final double[] left;
    private final double[] total;
    private final double[] bestLeft;
    private final int[] order;
    /** One bit a bin, all 0 between uses. */
    private final long[] occupied = new long[HISTOGRAM / Long.SIZE];

    private BitSet inBag = new BitSet();

    // The best split of the node at hand.
    // Its score is a fraction: comparing the products instead saves a division at every edge.
    private double bestNumerator;
    private double bestDenominator;
    private int bestFeature;
    private int bestBin;
    private boolean bestNanLeft;

    // The growing tree: a node's range of rows and depth, in the order of its making.
    private long[] nodes = new long[1024];
    /** Weight of each class in each node, {@code [node * classes + class]}. */
    private double[] totals;

    private int[] start = new int[1024];
    private int[] end = new int[1024];
    private int[] depth = new int[1024];
    private int nodeCount;
    private float[] leaves = new float[1024];
    private int leafCount;

    /**
     * All arrays are kept, not copied.
     *
     * @param columns bins by column, {@code [feature][row]}
     * @param binsOfRows the same by row, {@code [row * features + feature]}
     * @param targets {@code [row * classes + class]}, each row with sum 1
     * @param weights one a row, of mean 1
     * @param groupOfRow 0 to groups - 1
     */
    ForestGrower(
            byte[][] columns,
            byte[] binsOfRows,
            int classes,
            float[] targets,
            double[] weights,
            int[] groupOfRow,
            HistogramForest.Options options) {
        this.columns = columns;
        this.binsOfRows = binsOfRows;
        this.options = options;
        this.groupOfRow = groupOfRow;
        this.classes = classes;
        this.targets = targets;
        this.weights = weights;
        rowCount = weights.length;
        smallNode = rowCount / 8;
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
        bagWeight = new float[rowCount];
        bagClass = new short[rowCount];
        spareRows = new int[rowCount];
        spareWeight = new float[rowCount];
        spareClass = new short[rowCount];
        histogram = new double[HISTOGRAM * classes];
        left = new double[classes];
        total = new double[classes];
        bestLeft = new double[classes];
        totals = new double[1024 * classes];
        order = new int[features];
        hardClass = hardClasses(targets, rowCount, classes);
    }

    private static short[] hardClasses(float[] targets, int rowCount, int classes) {
        short[] hard = new short[rowCount];
        for (int i = 0; i < rowCount; i++) {
            hard[i] = -1;
            for (int k = 0; k < classes; k++) {
                if (targets[i * classes + k] == 1f) {
                    hard[i] = (short) k;
                }
            }
            if (hard[i] < 0) {
                return new short[0];
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
        sumTargets(0, size);
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
                if (weights[i] > 0) {
                    rows[size] = i;
                    bagWeight[size] = (float) (count * weights[i]);
                    bagClass[size] = hardClass.length > 0 ? hardClass[i] : 0;
                    size++;
                }
            }
        }
        return size;
    }

    private void addNode(int from, int to, int level) {
        if (nodeCount == nodes.length) {
            int room = 2 * nodeCount;
            nodes = Arrays.copyOf(nodes, room);
            totals = Arrays.copyOf(totals, room * classes);
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
        double sum = loadTotals(node);
        for (int k = 0; k < classes; k++) {
            // A bag without weight (all its rows weigh 0) knows nothing.
            leaves[leafCount * classes + k] = (float) (sum > 0 ? total[k] / sum : 1.0 / classes);
        }
        nodes[node] = (long) leafCount << 32 | HistogramForest.LEAF;
        leafCount++;
    }

    /** Sums the targets of a range of rows into the totals of the root. */
    private void sumTargets(int from, int to) {
        Arrays.fill(totals, 0, classes, 0);
        for (int i = from; i < to; i++) {
            for (int k = 0; k < classes; k++) {
                totals[k] += bagWeight[i] * (double) targets[rows[i] * classes + k];
            }
        }
    }

    /** Copies a node's totals into {@link #total} and returns their sum. */
    private double loadTotals(int node) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            total[k] = totals[node * classes + k];
            sum += total[k];
        }
        return sum;
    }

    private boolean split(int node, SplittableRandom random) {
        int from = start[node];
        int to = end[node];
        if (to - from < 2 || depth[node] >= options.maxDepth()) {
            return false;
        }
        double sum = loadTotals(node);
        double purity = 0;
        for (double t : total) {
            purity += t * t;
        }
        purity /= sum;
        if (sum < 2 * options.minLeaf() || purity >= sum * (1 - 1e-9)) {
            return false;
        }
        bestNumerator = purity + 1e-9 * sum;
        bestDenominator = 1;
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
        for (int k = 0; k < classes; k++) {
            totals[(nodeCount - 2) * classes + k] = bestLeft[k];
            // Rounding may leave less than nothing.
            totals[(nodeCount - 1) * classes + k] = Math.max(0, total[k] - bestLeft[k]);
        }
        return true;
    }

    private void tryFeature(int feature, int from, int to, double sum) {
        if (to - from < TINY_NODE && classes == 2 && hardClass.length > 0 && tryFeatureOfTinyNode(feature, from, to)) {
            return;
        }
        // Locals: the compiler cannot know that the arrays in the fields do not change meanwhile.
        byte[] column = columns[feature];
        int[] ids = rows;
        float[] bag = bagWeight;
        double[] sums = histogram;
        int count = classes;
        int low = HISTOGRAM;
        int high = -1;
        if (hardClass.length > 0) {
            short[] klass = bagClass;
            if (to - from < smallNode) {
                // The rows lie far apart: all bins of a row share a cache line, the bins of a column do not.
                int features = columns.length;
                for (int i = from; i < to; i++) {
                    int bin = binsOfRows[ids[i] * features + feature] & 0xff;
                    sums[bin * count + klass[i]] += bag[i];
                    low = Math.min(low, bin);
                    high = Math.max(high, bin);
                }
            } else {
                for (int i = from; i < to; i++) {
                    int bin = column[ids[i]] & 0xff;
                    sums[bin * count + klass[i]] += bag[i];
                    low = Math.min(low, bin);
                    high = Math.max(high, bin);
                }
            }
        } else {
            for (int i = from; i < to; i++) {
                int row = ids[i];
                int bin = column[row] & 0xff;
                double weight = bag[i];
                for (int k = 0; k < count; k++) {
                    sums[bin * count + k] += weight * targets[row * count + k];
                }
                low = Math.min(low, bin);
                high = Math.max(high, bin);
            }
        }
        if (low < high) {
            if (count == 2 && high < FeatureBins.NAN_BIN) {
                scanTwoClasses(feature, low, high);
            } else {
                scan(feature, low, high, sum);
            }
        }
        Arrays.fill(sums, low * count, (high + 1) * count, 0);
    }

    /**
     * As {@link #tryFeature} for two classes and few rows: most nodes of a tree are such, and most of their bins empty.
     *
     * @return false if a row has NaN, and nothing was done
     */
    private boolean tryFeatureOfTinyNode(int feature, int from, int to) {
        double[] sums = histogram;
        long[] words = occupied;
        int features = columns.length;
        int last = 0;
        for (int i = from; i < to; i++) {
            int bin = binsOfRows[rows[i] * features + feature] & 0xff;
            last = Math.max(last, bin);
            // A shift takes the lowest six bits.
            words[bin >> 6] |= 1L << bin;
        }
        if (last == FeatureBins.NAN_BIN) {
            Arrays.fill(words, 0);
            return false;
        }
        for (int i = from; i < to; i++) {
            int bin = binsOfRows[rows[i] * features + feature] & 0xff;
            sums[2 * bin + bagClass[i]] += bagWeight[i];
        }
        double minLeaf = options.minLeaf() * (1 - 1e-9);
        double left0 = 0;
        double left1 = 0;
        for (int word = 0; word <= last >> 6; word++) {
            long bits = words[word];
            words[word] = 0;
            while (bits != 0) {
                int bin = (word << 6) + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                left0 += sums[2 * bin];
                left1 += sums[2 * bin + 1];
                sums[2 * bin] = 0;
                sums[2 * bin + 1] = 0;
                double right0 = total[0] - left0;
                double right1 = total[1] - left1;
                double leftSum = left0 + left1;
                double rightSum = right0 + right1;
                double top = (left0 * left0 + left1 * left1) * rightSum + (right0 * right0 + right1 * right1) * leftSum;
                double bottom = leftSum * rightSum;
                if (bin != last
                        && top * bestDenominator > bestNumerator * bottom
                        && leftSum >= minLeaf
                        && rightSum >= minLeaf) {
                    bestNumerator = top;
                    bestDenominator = bottom;
                    bestFeature = feature;
                    bestBin = bin;
                    bestNanLeft = leftSum > rightSum;
                    bestLeft[0] = left0;
                    bestLeft[1] = left1;
                }
            }
        }
        return true;
    }

    /** As {@link #scan}, for the case that most trees are made of: two classes and no NaN. */
    private void scanTwoClasses(int feature, int low, int high) {
        double minLeaf = options.minLeaf() * (1 - 1e-9);
        double[] sums = histogram;
        double total0 = total[0];
        double total1 = total[1];
        double left0 = 0;
        double left1 = 0;
        double numerator = bestNumerator;
        double denominator = bestDenominator;
        for (int bin = low; bin < high; bin++) {
            double h0 = sums[2 * bin];
            double h1 = sums[2 * bin + 1];
            if (h0 + h1 == 0) {
                continue;
            }
            left0 += h0;
            left1 += h1;
            double right0 = total0 - left0;
            double right1 = total1 - left1;
            double leftSum = left0 + left1;
            double rightSum = right0 + right1;
            double top = (left0 * left0 + left1 * left1) * rightSum + (right0 * right0 + right1 * right1) * leftSum;
            double bottom = leftSum * rightSum;
            if (top * denominator > numerator * bottom && leftSum >= minLeaf && rightSum >= minLeaf) {
                numerator = top;
                denominator = bottom;
                bestFeature = feature;
                bestBin = bin;
                bestNanLeft = leftSum > rightSum;
                bestLeft[0] = left0;
                bestLeft[1] = left1;
            }
        }
        bestNumerator = numerator;
        bestDenominator = denominator;
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
                offer(feature, bin, a * rightSum + b * leftSum, leftSum * rightSum, nan == 0 && leftSum > rightSum);
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
                double withNan = leftSum + nan;
                double without = rightSum - nan;
                offer(feature, bin, a * without + b * withNan, withNan * without, true);
            }
        }
    }

    private void offer(int feature, int bin, double numerator, double denominator, boolean nanLeft) {
        if (numerator * bestDenominator > bestNumerator * denominator) {
            bestNumerator = numerator;
            bestDenominator = denominator;
            bestFeature = feature;
            bestBin = bin;
            bestNanLeft = nanLeft;
            int nanAt = FeatureBins.NAN_BIN * classes;
            for (int k = 0; k < classes; k++) {
                // The default side of an unseen NaN moves no row.
                bestLeft[k] = left[k] + (nanLeft ? histogram[nanAt + k] : 0);
            }
        }
    }

    /**
     * Moves the rows of the left child before those of the right one, keeping their order, and moves the edge to the
     * middle between the two; returns the border.
     */
    private int partition(int from, int to) {
        byte[] column = columns[bestFeature];
        int features = columns.length;
        boolean small = to - from < smallNode;
        int leftEnd = from;
        int right = 0;
        int firstRight = FeatureBins.NAN_BIN;
        for (int i = from; i < to; i++) {
            int row = rows[i];
            int bin = (small ? binsOfRows[row * features + bestFeature] : column[row]) & 0xff;
            if (bin == FeatureBins.NAN_BIN ? bestNanLeft : bin <= bestBin) {
                rows[leftEnd] = row;
                bagWeight[leftEnd] = bagWeight[i];
                bagClass[leftEnd] = bagClass[i];
                leftEnd++;
            } else {
                spareRows[right] = row;
                spareWeight[right] = bagWeight[i];
                spareClass[right] = bagClass[i];
                right++;
                firstRight = Math.min(firstRight, bin);
            }
        }
        if (firstRight < FeatureBins.NAN_BIN) {
            bestBin = (bestBin + firstRight - 1) / 2;
        }
        System.arraycopy(spareRows, 0, rows, leftEnd, right);
        System.arraycopy(spareWeight, 0, bagWeight, leftEnd, right);
        System.arraycopy(spareClass, 0, bagClass, leftEnd, right);
        return leftEnd;
    }
}
