package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class BinnedRowsTest {
    private static final int FEATURES = 5;

    private static float[] rows(int n, long seed, double missing) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[n * FEATURES];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextDouble() < missing ? Float.NaN : (float) random.nextDouble();
        }
        return rows;
    }

    private static int[] labels(float[] rows) {
        int[] labels = new int[rows.length / FEATURES];
        Arrays.setAll(labels, i -> rows[i * FEATURES] + rows[i * FEATURES + 1] > 1 ? 1 : 0);
        return labels;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64, 65, 255})
    void aForestOfBinnedRowsIsTheForestOfTheRows(int bins) {
        float[] rows = rows(300, 1, .05);
        int[] labels = labels(rows);
        var options = new HistogramForest.Options(20, bins, 1, 100, 0, true, 1, 9);
        BinnedRows binned = BinnedRows.of(rows, FEATURES, bins);

        HistogramForest.Fit fit = HistogramForest.fit(binned, binned.all(), labels, 2, options);

        HistogramForest.Fit expected = HistogramForest.fit(TrainingTable.ofClasses(FEATURES, 2, rows, labels), options);
        assertThat(fit.outOfBag()).containsExactly(expected.outOfBag());
        float[] others = rows(200, 2, .05);
        assertThat(fit.forest()
                        .opinions(binned.others(others), IntStream.range(0, 200).toArray())
                        .probabilities())
                .containsExactly(expected.forest().probabilitiesOfAll(others));
    }

    /** The general loop knows nothing of words of bits: a third class without rows switches to it. */
    @ParameterizedTest
    @ValueSource(ints = {64, 200, 255})
    void smallNodesSplitAsTheGeneralLoopDoes(int bins) {
        float[] rows = rows(400, 3, 0);
        int[] labels = labels(rows);
        var options = new HistogramForest.Options(10, bins, 1, 100, 0, true, 1, 4);
        BinnedRows binned = BinnedRows.of(rows, FEATURES, bins);

        HistogramForest two =
                HistogramForest.fit(binned, binned.all(), labels, 2, options).forest();
        HistogramForest three =
                HistogramForest.fit(binned, binned.all(), labels, 3, options).forest();

        assertThat(two.nodes()).isEqualTo(three.nodes());
        for (int i = 0; i < 400; i++) {
            float[] row = Arrays.copyOfRange(rows, i * FEATURES, (i + 1) * FEATURES);
            assertThat(two.probabilities(row)[1]).isEqualTo(three.probabilities(row)[1]);
        }
    }

    @Test
    void expectedEntropyIsTheMeanOverTheTrees() {
        float[] rows = rows(300, 5, .1);
        BinnedRows binned = BinnedRows.of(rows, FEATURES, 64);
        // Leaves of twenty, so that trees are not all sure.
        var options = HistogramForest.Options.defaults(3).withTrees(15).withMinLeaf(20);
        HistogramForest forest = HistogramForest.fit(binned, binned.all(), labels(rows), 2, options)
                .forest();

        HistogramForest.Opinions opinions = forest.opinions(binned, new int[] {7, 250});

        double[] trees = forest.treeProbabilities(Arrays.copyOfRange(rows, 250 * FEATURES, 251 * FEATURES));
        double expected = 0;
        for (double p : trees) {
            expected -= p > 0 ? p * Math.log(p) / 15 : 0;
        }
        assertThat(expected).isGreaterThan(.01);
        assertThat(opinions.expectedEntropy()[1]).isCloseTo(expected, within(1e-9));
    }

    @Test
    void ranksRunFromZeroToOneWhateverTheUnitAndMissingIsTheMiddle() {
        float[] rows = {1e8f, 5, Float.NaN, 5, 3, 5, -2e9f, 5, 4, 5};

        float[] ranks = BinnedRows.of(rows, 2, 64).ranks();

        assertThat(ranks).containsExactly(1, .5f, .5f, .5f, 1 / 3f, .5f, 0, .5f, 2 / 3f, .5f);
    }

    @Test
    void rowsOfOtherBinsAndWrongLabelsAreRefused() {
        BinnedRows binned = BinnedRows.of(rows(30, 5, 0), FEATURES, 64);
        BinnedRows strangers = BinnedRows.of(rows(30, 6, 0), FEATURES, 64);
        var options = HistogramForest.Options.defaults(3).withTrees(2);
        HistogramForest forest = HistogramForest.fit(binned, new int[] {0, 1}, new int[] {0, 1}, 2, options)
                .forest();

        assertThatThrownBy(() -> forest.opinions(strangers, new int[] {0})).hasMessageContaining("other bins");
        assertThatThrownBy(() -> HistogramForest.fit(binned, new int[] {0, 1}, new int[] {0, 2}, 2, options))
                .hasMessageContaining("got class 2 of row 1, need 0 to 1");
    }
}
