package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.learn.IsolationForest.Options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class IsolationForestTest {
    @Test
    void theAveragePathIsThatOfARandomSearchTree() {
        // d[n] of n leaves: one cut, then one of the sides, larger ones more often.
        double[] d = new double[257];
        for (int n = 2; n <= 256; n++) {
            double sum = 0;
            for (int k = 1; k < n; k++) {
                sum += k / (double) n * d[k] + (n - k) / (double) n * d[n - k];
            }
            d[n] = 1 + sum / (n - 1);
        }

        assertThat(IsolationForest.averagePath(1)).isZero();
        assertThat(IsolationForest.averagePath(2)).isEqualTo(1);
        for (int n = 1; n <= 256; n++) {
            assertThat(IsolationForest.averagePath(n)).isCloseTo(d[n], within(1e-9));
        }
        // The paper's own approximation, at its sample size.
        assertThat(IsolationForest.averagePath(256))
                .isCloseTo(2 * (Math.log(255) + 0.5772156649) - 2 * 255. / 256, within(.005));
    }

    @Test
    void aLonePointIsCutOffAtOnceAndTheOthersAreTheirCrowd() {
        float[] rows = new float[256];
        rows[100] = 5;

        IsolationForest forest = IsolationForest.fit(rows, 1, Options.usual(1));

        double c = IsolationForest.averagePath(256);
        assertThat(forest.score(new float[] {5})).isCloseTo(Math.pow(2, -1 / c), within(1e-6));
        assertThat(forest.score(new float[] {0}))
                .isCloseTo(Math.pow(2, -(1 + IsolationForest.averagePath(255)) / c), within(1e-6));
    }

    @Test
    void whereNothingStandsOutAllScoresAreOneHalf() {
        IsolationForest same = IsolationForest.fit(new float[300], 3, Options.usual(1));
        IsolationForest two = IsolationForest.fit(new float[] {1, 2}, 1, Options.usual(1));

        assertThat(same.score(new float[3])).isCloseTo(.5, within(1e-7));
        assertThat(two.score(new float[] {1})).isCloseTo(.5, within(1e-7));
        assertThat(two.score(new float[] {2})).isCloseTo(.5, within(1e-9));
    }

    @Test
    void pathsOnALineAreAsLongAsTheirExpectation() {
        float[] line = {0, .1f, .15f, .4f, .5f, .55f, 2, 2.1f, 2.5f, 7};
        int trees = 10_000;
        // Ten rows: at most four cuts.
        IsolationForest forest = IsolationForest.fit(line, 1, new Options(trees, line.length, 42));

        for (int i = 0; i < line.length; i++) {
            double expected = expectedPath(line, i, 0, line.length - 1, 4);
            double path = -Math.log(forest.score(new float[] {line[i]}))
                    / Math.log(2)
                    * IsolationForest.averagePath(line.length);
            // A way's standard deviation is below 1.5 cuts: five standard errors of the mean.
            assertThat(path).isCloseTo(expected, within(5 * 1.5 / Math.sqrt(trees)));
        }
    }

    /** Over all places of the next cut: in each gap by its length. Slow, and plainly what is meant. */
    private static double expectedPath(float[] line, int i, int first, int last, int cutsLeft) {
        if (first == last || cutsLeft == 0) {
            return IsolationForest.averagePath(last - first + 1);
        }
        double sum = 1;
        for (int gap = first; gap < last; gap++) {
            double probability = (line[gap + 1] - line[gap]) / (double) (line[last] - line[first]);
            sum += probability
                    * (i <= gap
                            ? expectedPath(line, i, first, gap, cutsLeft - 1)
                            : expectedPath(line, i, gap + 1, last, cutsLeft - 1));
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void outliersRankFirstAndScoresAreBetweenNoneAndOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int features = 6;
        float[] rows = new float[2005 * features];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < 5; i++) {
            // Four standard deviations off in every feature, to one side or the other.
            for (int f = 0; f < features; f++) {
                rows[i * 400 * features + f] = (i + f) % 2 == 0 ? 4 : -4;
            }
        }

        float[] scores =
                IsolationForest.fit(rows, features, Options.usual(seed)).scoresOfAll(rows);

        int[] best = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .limit(5)
                .mapToInt(i -> i)
                .toArray();
        assertThat(best).containsExactlyInAnyOrder(0, 400, 800, 1200, 1600);
        for (float score : scores) {
            assertThat(score).isGreaterThan(0).isLessThanOrEqualTo(1);
        }
        assertThat(median(scores)).isBetween(.35, .5);
    }

    private static double median(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void whatIsNotMeasuredCountsAsTheMedian() {
        float[] rows = {1, 5, 2, Float.NaN, 3, 6, 4, 7, Float.POSITIVE_INFINITY, 9};

        IsolationForest forest = IsolationForest.fit(rows, 2, Options.usual(3));

        assertThat(forest.score(new float[] {Float.NaN, Float.NaN})).isEqualTo(forest.score(new float[] {3, 6}));
        assertThat(forest.score(new float[] {Float.POSITIVE_INFINITY, 6}))
                .isGreaterThan(forest.score(new float[] {3, 6}));
    }

    @Test
    void theSameSeedGivesTheSameForestAndASavedOneSaysTheSame() {
        float[] rows = new float[3000];
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble();
        }
        IsolationForest forest = IsolationForest.fit(rows, 3, Options.usual(9));

        IsolationForest loaded = IsolationForest.load(forest.save());

        assertThat(IsolationForest.fit(rows, 3, Options.usual(9)).save()).isEqualTo(forest.save());
        assertThat(IsolationForest.fit(rows, 3, Options.usual(10)).save()).isNotEqualTo(forest.save());
        assertThat(loaded.scoresOfAll(rows)).isEqualTo(forest.scoresOfAll(rows));
        // A tree of 256 rows has at most 511 nodes.
        assertThat(forest.save().length).isLessThan(100 * 511 * 10 + 1000);
        byte[] cut = Arrays.copyOf(forest.save(), 1000);
        assertThatThrownBy(() -> IsolationForest.load(cut)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> IsolationForest.fit(new float[3], 3, Options.usual(1)))
                .hasMessageContaining("3 values")
                .hasMessageContaining("2 rows of 3");
        assertThatThrownBy(() -> new Options(0, 256, 1)).hasMessageContaining("0 trees");
        assertThatThrownBy(() ->
                        IsolationForest.fit(new float[4], 2, Options.usual(1)).score(new float[3]))
                .hasMessageContaining("got 3 features, need 2");
    }
}
