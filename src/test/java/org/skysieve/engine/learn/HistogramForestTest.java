package org.skysieve.engine.learn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class HistogramForestTest {
    private static final HistogramForest.Options OPTIONS = HistogramForest.Options.defaults(1);

    @Test
    void oneSplitOfOneFeatureIsFoundExactly() {
        float[] rows = {1, 2, 3, 10, 11, 12};
        TrainingTable table = TrainingTable.ofClasses(1, 2, rows, new int[] {0, 0, 0, 1, 1, 1});
        var options = new HistogramForest.Options(1, 64, 1, 10, 0, false, 1, 7);

        HistogramForest forest = HistogramForest.fit(table, options).forest();

        assertThat(forest.nodes()).isEqualTo(3);
        assertThat(forest.probabilities(new float[] {6.4f})).containsExactly(1, 0);
        assertThat(forest.probabilities(new float[] {6.6f})).containsExactly(0, 1);
    }

    @Test
    void aLeafHoldsTheWeightedMeanOfTheSoftTargets() {
        // Constant features: the root is the only leaf.
        var table = new TrainingTable(
                1, 3, new float[] {5, 5}, new double[] {1, 0, 0, 0, .5, .5}, new double[] {3, 1}, new int[] {0, 1});
        var options = new HistogramForest.Options(2, 64, 1, 10, 0, false, 1, 7);

        double[] p = HistogramForest.fit(table, options).forest().probabilities(new float[] {5});

        assertThat(p).containsExactly(new double[] {.75, .125, .125}, within(1e-7));
    }

    @Test
    void softTargetsOfZeroAndOneGiveTheSameForestAsClasses() throws IOException {
        Sample sample = xor(400, 11);
        double[] nearlyHard = new double[800];
        for (int i = 0; i < 400; i++) {
            nearlyHard[2 * i + sample.labels[i]] = 1;
        }
        // One soft row switches the whole table to the general loop; its weight of 0 keeps it out of the forest.
        float[] rows = Arrays.copyOf(sample.rows, sample.rows.length + 2);
        double[] targets = Arrays.copyOf(nearlyHard, 802);
        targets[800] = targets[801] = .5;
        double[] weights = new double[401];
        Arrays.fill(weights, 0, 400, 1);
        int[] groups = new int[401];
        Arrays.setAll(groups, i -> i);
        var options = new HistogramForest.Options(10, 64, 2, 50, 0, false, 1, 3);
        // Weights are scaled to mean 1, and the 0 changes that mean: so a leaf's least weight must scale too.
        var softOptions = new HistogramForest.Options(10, 64, 2 * 401. / 400, 50, 0, false, 1, 3);

        HistogramForest hard = HistogramForest.fit(
                        new TrainingTable(2, 2, sample.rows, nearlyHard, ones(400), Arrays.copyOf(groups, 400)),
                        options)
                .forest();
        HistogramForest soft = HistogramForest.fit(new TrainingTable(2, 2, rows, targets, weights, groups), softOptions)
                .forest();

        double[] difference = new double[800];
        double[] a = hard.probabilitiesOfAll(sample.rows);
        double[] b = soft.probabilitiesOfAll(sample.rows);
        Arrays.setAll(difference, i -> a[i] - b[i]);
        assertThat(Arrays.stream(difference).map(Math::abs).average().orElse(1)).isLessThan(.02);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void exclusiveOrIsLearned(long seed) {
        Sample train = xor(600, seed);
        Sample test = xor(1000, seed + 100);

        double[] p = HistogramForest.fit(train.table(), OPTIONS.withSeed(seed))
                .forest()
                .probabilitiesOfAll(test.rows);

        assertThat(accuracy(p, test.labels)).isGreaterThan(.96);
    }

    @Test
    void aKnownPosteriorIsRecoveredOutOfBag() {
        // P(1 | x) = x, uniform x: the best Brier score is E[x (1 - x)] = 1/6.
        var random = new SplittableRandom(5);
        int n = 20_000;
        float[] rows = new float[n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            rows[i] = (float) random.nextDouble();
            labels[i] = random.nextDouble() < rows[i] ? 1 : 0;
        }

        HistogramForest.Fit fit =
                HistogramForest.fit(TrainingTable.ofClasses(1, 2, rows, labels), OPTIONS.withMinLeaf(200));

        double brier = 0;
        double bias = 0;
        for (int i = 0; i < n; i++) {
            brier += Math.pow(fit.outOfBag()[2 * i + 1] - labels[i], 2) / n;
            bias += Math.abs(fit.outOfBag()[2 * i + 1] - rows[i]) / n;
        }
        // The standard error of the mean of (x - y)^2 is sqrt(Var) / sqrt(n) < .0015.
        assertThat(brier).isCloseTo(1 / 6., within(.006));
        assertThat(bias).isLessThan(.03);
    }

    @Test
    void threadsDoNotChangeTheForest() throws IOException {
        Sample sample = xor(500, 4);

        HistogramForest.Fit one = HistogramForest.fit(sample.table(), OPTIONS.withTrees(20));
        HistogramForest.Fit three =
                HistogramForest.fit(sample.table(), OPTIONS.withTrees(20).withThreads(3));
        HistogramForest.Fit other =
                HistogramForest.fit(sample.table(), OPTIONS.withTrees(20).withSeed(2));

        assertThat(bytes(three.forest())).isEqualTo(bytes(one.forest()));
        assertThat(three.outOfBag()).isEqualTo(one.outOfBag());
        assertThat(bytes(other.forest())).isNotEqualTo(bytes(one.forest()));
    }

    @Test
    void aForestReadBackSaysTheSame() throws IOException {
        Sample sample = xor(500, 4);
        sample.rows[6] = Float.NaN;
        HistogramForest forest = HistogramForest.fit(sample.table(), OPTIONS).forest();

        HistogramForest back = HistogramForest.read(new DataInputStream(new ByteArrayInputStream(bytes(forest))));

        assertThat(back.probabilitiesOfAll(sample.rows)).isEqualTo(forest.probabilitiesOfAll(sample.rows));
        assertThat(back.treeProbabilities(sample.table().row(3)))
                .isEqualTo(forest.treeProbabilities(sample.table().row(3)));
        assertThat(bytes(back)).isEqualTo(bytes(forest));
    }

    @Test
    void brokenBytesAreRefused() throws IOException {
        byte[] bytes = bytes(HistogramForest.fit(xor(50, 4).table(), OPTIONS).forest());
        bytes[0] = 9;

        assertThatThrownBy(() -> HistogramForest.read(new DataInputStream(new ByteArrayInputStream(bytes))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got format 9, need 1");
        bytes[0] = 1;
        assertThatThrownBy(() ->
                        HistogramForest.read(new DataInputStream(new ByteArrayInputStream(bytes, 0, bytes.length / 2))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void oneRowAndManyRowsAndTreesAgree() {
        Sample sample = xor(700, 9);
        HistogramForest forest = HistogramForest.fit(sample.table(), OPTIONS).forest();

        double[] all = forest.probabilitiesOfAll(sample.rows);

        for (int i = 0; i < 700; i += 37) {
            float[] row = sample.table().row(i);
            double[] trees = forest.treeProbabilities(row);
            double mean = 0;
            for (int t = 0; t < forest.trees(); t++) {
                mean += trees[2 * t + 1] / forest.trees();
            }
            assertThat(forest.probabilities(row)[1]).isCloseTo(all[2 * i + 1], within(1e-12));
            assertThat(mean).isCloseTo(all[2 * i + 1], within(1e-12));
        }
    }

    @Test
    void missingValuesCarryInformation() {
        // Class 1 is exactly "feature 0 is missing"; feature 1 is noise.
        var random = new SplittableRandom(8);
        float[] rows = new float[400];
        int[] labels = new int[200];
        for (int i = 0; i < 200; i++) {
            labels[i] = random.nextInt(2);
            rows[2 * i] = labels[i] == 1 ? Float.NaN : (float) random.nextDouble();
            rows[2 * i + 1] = (float) random.nextDouble();
        }

        HistogramForest forest = HistogramForest.fit(TrainingTable.ofClasses(2, 2, rows, labels), OPTIONS)
                .forest();

        assertThat(accuracy(forest.probabilitiesOfAll(rows), labels)).isEqualTo(1);
    }

    @Test
    void aValueMissingOnlyAtPredictionMovesTheScoreToTheMajority() {
        Sample train = xor(600, 21);

        HistogramForest forest = HistogramForest.fit(train.table(), OPTIONS).forest();

        double p = forest.probabilities(new float[] {Float.NaN, .9f})[1];
        assertThat(p).isBetween(.1, .9);
    }

    @Test
    void outOfBagPredictionsDoNotSeeTheRowsOwnGroup() {
        // Labels are noise, but every group holds 20 equal rows: a row-wise bootstrap would look them up.
        var random = new SplittableRandom(6);
        int groups = 200;
        float[] rows = new float[groups * 20];
        double[] targets = new double[groups * 40];
        int[] group = new int[groups * 20];
        for (int g = 0; g < groups; g++) {
            float x = (float) random.nextDouble();
            int label = random.nextInt(2);
            for (int i = g * 20; i < g * 20 + 20; i++) {
                rows[i] = x;
                targets[2 * i + label] = 1;
                group[i] = g;
            }
        }
        var table = new TrainingTable(1, 2, rows, targets, ones(groups * 20), group);

        double[] p = HistogramForest.fit(table, OPTIONS.withMinLeaf(20)).outOfBag();

        int right = 0;
        for (int i = 0; i < rows.length; i++) {
            right += targets[2 * i + (p[2 * i + 1] > .5 ? 1 : 0)] == 1 ? 1 : 0;
        }
        // 200 coin flips: the standard error is .035.
        assertThat((double) right / rows.length).isBetween(.5 - .14, .5 + .14);
    }

    @Test
    void manyClassesAndWeightsWork() {
        var random = new SplittableRandom(10);
        int n = 900;
        float[] rows = new float[n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            rows[i] = (float) (9 * random.nextDouble());
            labels[i] = (int) rows[i] / 3;
        }

        double[] p = HistogramForest.fit(TrainingTable.ofClasses(1, 3, rows, labels), OPTIONS)
                .forest()
                .probabilitiesOfAll(new float[] {1, 4, 8});

        assertThat(p[0]).isGreaterThan(.99);
        assertThat(p[3 + 1]).isGreaterThan(.99);
        assertThat(p[6 + 2]).isGreaterThan(.99);
    }

    @Test
    void wrongSizesAreRefusedWithBothNumbers() {
        assertThatThrownBy(() -> TrainingTable.ofClasses(2, 2, new float[3], new int[] {0, 1}))
                .hasMessageContaining("got 3 values")
                .hasMessageContaining("2 * 2");
        assertThatThrownBy(() -> OPTIONS.withTrees(0)).hasMessageContaining("got 0 trees");
        HistogramForest forest =
                HistogramForest.fit(xor(50, 1).table(), OPTIONS).forest();
        assertThatThrownBy(() -> forest.probabilities(new float[3])).hasMessageContaining("got 3 features, need 2");
    }

    private record Sample(float[] rows, int[] labels) {
        TrainingTable table() {
            return TrainingTable.ofClasses(2, 2, rows, labels);
        }
    }

    private static Sample xor(int n, long seed) {
        var random = new SplittableRandom(seed);
        float[] rows = new float[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            rows[2 * i] = (float) (2 * random.nextDouble() - 1);
            rows[2 * i + 1] = (float) (2 * random.nextDouble() - 1);
            labels[i] = rows[2 * i] > 0 ^ rows[2 * i + 1] > 0 ? 1 : 0;
        }
        return new Sample(rows, labels);
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double accuracy(double[] p, int[] labels) {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += (p[2 * i + 1] > .5 ? 1 : 0) == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    private static byte[] bytes(HistogramForest forest) throws IOException {
        var out = new ByteArrayOutputStream();
        forest.write(new DataOutputStream(out));
        return out.toByteArray();
    }
}
