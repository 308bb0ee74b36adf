package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The forest against a slow one written by the book: every threshold of every feature tried, as scikit-learn's does. */
class ForestAccuracyTest {
    private static final int FEATURES = 12;
    private static final int TREES = 100;

    /** With a bin for every value both are the same algorithm: any difference is chance. */
    @Test
    void withABinForEveryValueTheTwoAreEquallyGood() {
        Differences found = Differences.measure(40, 250, 3_000, 255);

        System.out.println("250 rows, a bin for every value: " + found);
        assertThat(found.exactAccuracy).as("the book's forest has learned").isGreaterThan(.65);
        assertThat(found.mean).isBetween(-3 * found.standardError, 3 * found.standardError);
        assertThat(found.standardError).as("fine enough to tell").isLessThan(.003);
    }

    /** Coarse bins even help a little where labels are noisy: they keep deep nodes from fitting single rows. */
    @Test
    void sixtyFourBinsCostNoAccuracy() {
        Differences found = Differences.measure(4, 3_000, 10_000, 64);

        System.out.println("3,000 rows, 64 bins: " + found);
        assertThat(found.mean).isGreaterThan(-.001 - 2 * found.standardError);
    }

    /** Accuracy of ours less the book's over several samples; the error is that of the scatter between samples and forests. */
    private record Differences(double mean, double standardError, double exactAccuracy) {
        static Differences measure(int samples, int trainRows, int testRows, int bins) {
            double[] differences = new double[samples];
            double exactSum = 0;
            for (int s = 0; s < samples; s++) {
                SplittableRandom random = new SplittableRandom(1 + s);
                Sample train = Sample.draw(trainRows, random);
                Sample test = Sample.draw(testRows, random);
                var options = new HistogramForest.Options(TREES, bins, 1, 1_000, 0, true, 1, s);
                double[] ours = HistogramForest.fit(
                                TrainingTable.ofClasses(FEATURES, 2, train.rows, train.labels), options)
                        .forest()
                        .probabilitiesOfAll(test.rows);
                double[] exact = new ExactForest(train, random).positive(test);
                int oursRight = 0;
                int exactRight = 0;
                for (int i = 0; i < testRows; i++) {
                    oursRight += ours[2 * i + 1] > .5 == (test.labels[i] == 1) ? 1 : 0;
                    exactRight += exact[i] > .5 == (test.labels[i] == 1) ? 1 : 0;
                }
                differences[s] = (oursRight - exactRight) / (double) testRows;
                exactSum += exactRight / (double) testRows;
            }
            double mean = Arrays.stream(differences).average().orElseThrow();
            double squares =
                    Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
            return new Differences(mean, Math.sqrt(squares / (samples - 1) / samples), exactSum / samples);
        }
    }

    /** Two overlapping classes along six of twelve features of very different scales, one product among them. */
    private record Sample(float[] rows, int[] labels) {
        static Sample draw(int n, SplittableRandom random) {
            float[] rows = new float[n * FEATURES];
            int[] labels = new int[n];
            for (int i = 0; i < n; i++) {
                double[] z = new double[FEATURES];
                for (int f = 0; f < FEATURES; f++) {
                    z[f] = random.nextGaussian();
                    rows[i * FEATURES + f] = (float) (f % 3 == 0 ? Math.exp(3 * z[f]) : z[f]);
                }
                double score = z[0] + z[1] + z[2] + z[3] + 2 * z[4] * z[5];
                labels[i] = score + .7 * random.nextGaussian() > 0 ? 1 : 0;
            }
            return new Sample(rows, labels);
        }
    }

    /** CART trees on bootstrapped rows, sqrt(features) at a split, Gini, grown until pure. */
    private static final class ExactForest {
        private final Sample train;
        private final SplittableRandom random;
        private final Node[] trees = new Node[TREES];

        private record Node(int feature, float threshold, Node left, Node right, double positive) {}

        ExactForest(Sample train, SplittableRandom random) {
            this.train = train;
            this.random = random;
            int n = train.labels.length;
            for (int t = 0; t < TREES; t++) {
                trees[t] = grow(random.ints(n, 0, n).toArray());
            }
        }

        private float value(int row, int feature) {
            return train.rows[row * FEATURES + feature];
        }

        private Node grow(int[] rows) {
            double positive = Arrays.stream(rows).map(row -> train.labels[row]).sum() / (double) rows.length;
            if (positive == 0 || positive == 1) {
                return leaf(positive);
            }
            int[] order = new int[FEATURES];
            Arrays.setAll(order, f -> f);
            double best = Double.NEGATIVE_INFINITY;
            int feature = -1;
            float threshold = 0;
            for (int tried = 0; tried < FEATURES && (tried < 3 || feature < 0); tried++) {
                int j = tried + random.nextInt(FEATURES - tried);
                int f = order[j];
                order[j] = order[tried];
                order[tried] = f;
                // Value and label in one long, so that they sort together.
                long[] sorted = new long[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    int bits = Float.floatToIntBits(value(rows[i], f));
                    sorted[i] = (long) (bits >= 0 ? bits : bits ^ 0x7fffffff) << 1 | train.labels[rows[i]];
                }
                Arrays.sort(sorted);
                double total = positive * rows.length;
                double left = 0;
                for (int i = 1; i < sorted.length; i++) {
                    left += sorted[i - 1] & 1;
                    if (sorted[i] >> 1 == sorted[i - 1] >> 1) {
                        continue;
                    }
                    double right = total - left;
                    double m = rows.length - i;
                    double purity = (left * left + (i - left) * (i - left)) / i
                            + (right * right + (m - right) * (m - right)) / m;
                    if (purity > best) {
                        best = purity;
                        feature = f;
                        threshold = (float) ((decode(sorted[i - 1]) + (double) decode(sorted[i])) / 2);
                    }
                }
            }
            if (feature < 0) {
                return leaf(positive);
            }
            int chosen = feature;
            float edge = threshold;
            int[] left = Arrays.stream(rows)
                    .filter(row -> value(row, chosen) <= edge)
                    .toArray();
            int[] right =
                    Arrays.stream(rows).filter(row -> value(row, chosen) > edge).toArray();
            return left.length == 0 || right.length == 0
                    ? leaf(positive)
                    : new Node(chosen, edge, grow(left), grow(right), positive);
        }

        private static float decode(long sorted) {
            int bits = (int) (sorted >> 1);
            return Float.intBitsToFloat(bits >= 0 ? bits : bits ^ 0x7fffffff);
        }

        @SuppressWarnings("NullAway")
        private static Node leaf(double positive) {
            return new Node(-1, 0, null, null, positive);
        }

        double[] positive(Sample test) {
            double[] mean = new double[test.labels.length];
            for (Node tree : trees) {
                for (int i = 0; i < mean.length; i++) {
                    Node node = tree;
                    while (node.feature >= 0) {
                        node = test.rows[i * FEATURES + node.feature] <= node.threshold ? node.left : node.right;
                    }
                    mean[i] += node.positive;
                }
            }
            // Divided at the end: a sum of hundredths is not one half when fifty of a hundred trees say so.
            Arrays.setAll(mean, i -> mean[i] / TREES);
            return mean;
        }
    }
}
