package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class BatchQueryTest {
    /** Rows on a line at 0, 1, ...; the model says {@code positive[row]} of each that is not labelled. */
    private static Pool line(double[] positive, int... labelled) {
        float[] places = new float[positive.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        int[] open = IntStream.range(0, positive.length)
                .filter(i -> Arrays.stream(labelled).noneMatch(row -> row == i))
                .toArray();
        double[] p = new double[2 * open.length];
        double[] epistemic = new double[open.length];
        for (int i = 0; i < open.length; i++) {
            p[2 * i] = 1 - positive[open[i]];
            p[2 * i + 1] = positive[open[i]];
        }
        return new Pool(2, labelled, open, p, epistemic, places, 1);
    }

    @Test
    void theMostDoubtfulComeFirst() {
        Pool pool = line(new double[] {.9, .45, .1, .5, .7}, 4);

        int[] chosen = new TopRanked(new LeastConfidence()).choose(pool, 3, new SplittableRandom(1));

        // .7 is labelled already; .9 and .1 tie.
        assertThat(chosen).startsWith(3, 1).hasSize(3);
        assertThat(chosen[2]).isIn(0, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void topRankedIsTheFullSort(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] p =
                IntStream.range(0, 200).mapToDouble(i -> random.nextDouble()).toArray();

        int[] chosen = new TopRanked(new Greedy(1)).choose(line(p), 17, random);

        int[] sorted = IntStream.range(0, 200)
                .boxed()
                .sorted((a, b) -> Double.compare(p[b], p[a]))
                .limit(17)
                .mapToInt(i -> i)
                .toArray();
        assertThat(chosen).containsExactly(sorted);
    }

    @Test
    void tiesAreBrokenEvenlySoThatUnrankedIsUniform() {
        double[] p = new double[10];
        Arrays.fill(p, .5);
        SplittableRandom random = new SplittableRandom(5);
        TopRanked query = new TopRanked(new Unranked());
        int rounds = 4_000;
        int[] drawn = new int[10];

        for (int i = 0; i < rounds; i++) {
            for (int row : query.choose(line(p), 3, random)) {
                drawn[row]++;
            }
        }

        double expected = .3 * rounds;
        double standardError = Math.sqrt(rounds * .3 * .7);
        for (int row = 0; row < 10; row++) {
            assertThat((double) drawn[row]).as("row %d", row).isCloseTo(expected, within(4 * standardError));
        }
    }

    @Test
    void coreSetTakesTheFarthestThenTheMiddleOfTheLargestGap() {
        Pool pool = line(new double[9], 0);

        int[] chosen = new CoreSet().choose(pool, 3, new SplittableRandom(3));

        // From 0 the farthest is 8, then 4, then 2 or 6.
        assertThat(chosen).startsWith(8, 4);
        assertThat(chosen[2]).isIn(2, 6);
    }

    @Test
    void coreSetFollowsWhatWasLabelledSinceAndIgnoresTheModel() {
        CoreSet query = new CoreSet();
        SplittableRandom random = new SplittableRandom(3);
        query.choose(line(new double[9], 0), 1, random);

        // Somebody labelled 7 instead of what was asked for, 8: that one was added all the same.
        int[] next = query.choose(line(new double[] {.5, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 7, 8), 1, random);

        assertThat(next).containsAnyOf(3, 4);
    }

    @Test
    void kMeansPlusPlusDrawsByUsefulnessTimesSquaredDistance() {
        // Row 0 is labelled. Usefulness by least confidence: 2 (1 - max p).
        double[] p = {.5, .9, .5, .75};
        double[] weight = {0, .2 * 1, 1 * 4, .5 * 9};
        double total = Arrays.stream(weight).sum();
        SplittableRandom random = new SplittableRandom(8);
        int rounds = 20_000;
        int[] drawn = new int[4];

        for (int i = 0; i < rounds; i++) {
            drawn[new KMeansPlusPlus(new LeastConfidence()).choose(line(p, 0), 1, random)[0]]++;
        }

        assertThat(drawn[0]).isZero();
        for (int row = 1; row < 4; row++) {
            double share = weight[row] / total;
            assertThat(drawn[row] / (double) rounds)
                    .as("row %d", row)
                    .isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / rounds)));
        }
    }

    @Test
    void powerBatchesOfPowerZeroAreUniformAndOfALargePowerTheTop() {
        double[] p = {.5, .9, .2, .6};
        SplittableRandom random = new SplittableRandom(8);
        int rounds = 4_000;
        int[] drawn = new int[4];

        for (int i = 0; i < rounds; i++) {
            drawn[new PowerBatch(new LeastConfidence(), 0).choose(line(p), 1, random)[0]]++;
        }

        for (int count : drawn) {
            assertThat(count / (double) rounds).isCloseTo(.25, within(4 * Math.sqrt(.25 * .75 / rounds)));
        }
        assertThat(new PowerBatch(new LeastConfidence(), 400).choose(line(p), 4, random))
                .containsExactly(0, 3, 2, 1);
    }

    @Test
    void everyQueryGivesDifferentOpenRowsAndAllOfASmallPool() {
        double[] p = {.5, .5, .1, .9, .3, .5};
        for (BatchQuery query : new BatchQuery[] {
            new TopRanked(new Entropy()),
            new TopRanked(new Epistemic()),
            new PowerBatch(new Margin(), 4),
            new CoreSet(),
            new KMeansPlusPlus(new Unranked())
        }) {
            int[] chosen = query.choose(line(p, 2), 99, new SplittableRandom(2));

            assertThat(chosen).as(query.getClass().getSimpleName()).containsExactlyInAnyOrder(0, 1, 3, 4, 5);
        }
    }

    @Test
    void aPoolOfWrongSizesIsRefused() {
        assertThatThrownBy(() -> new Pool(2, new int[0], new int[3], new double[4], new double[3], new float[3], 1))
                .hasMessageContaining("got 4 probabilities")
                .hasMessageContaining("3 open rows * 2 classes");
    }
}
