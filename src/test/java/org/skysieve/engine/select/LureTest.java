package org.skysieve.engine.select;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class LureTest {
    @Test
    void uniformDrawsCountAlikeAndAllRowsGiveTheMean() {
        Lure some = new Lure(10);
        for (int m = 1; m <= 4; m++) {
            some.add(1.0 / (10 - m + 1), m == 1 ? 1 : 0, m == 1 ? 0 : 1);
        }
        Lure all = new Lure(4);
        // Very unequal probabilities, but nothing is left out.
        all.add(0.7, 1, 0).add(0.1, 0, 1).add(0.9, 1, 0).add(1, 1, 0);

        assertThat(some.weights()).containsExactly(new double[] {1, 1, 1, 1}, within(1e-12));
        assertThat(some.share(0.95).value()).isCloseTo(0.25, within(1e-12));
        assertThat(all.weights()).containsExactly(new double[] {1, 1, 1, 1}, within(1e-12));
        assertThat(all.mean()).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void theWeightsAreThoseOfThePaper() {
        Lure lure = new Lure(5).add(0.5, 1, 0).add(0.2, 0, 1);

        // v_1 = 1 + 3/4 (1/(5 * .5) - 1), v_2 = 1 + 3/3 (1/(4 * .2) - 1)
        assertThat(lure.weights()).containsExactly(new double[] {0.55, 1.25}, within(1e-12));
        assertThat(lure.mean()).isCloseTo(0.275, within(1e-12));
    }

    /** All orders of two draws out of three, by hand: the expectation is the pool's mean, to the last digits. */
    @Test
    void theExpectationOverAllOrdersIsTheMeanOfThePool() {
        double[] loss = {1, 0, 1};
        double[] weight = {0.7, 0.2, 0.1};
        double expected = 0;
        for (int first = 0; first < 3; first++) {
            for (int second = 0; second < 3; second++) {
                if (first != second) {
                    double p = weight[first];
                    double q = weight[second] / (1 - weight[first]);
                    double mean = new Lure(3)
                            .add(p, loss[first], 1 - loss[first])
                            .add(q, loss[second], 1 - loss[second])
                            .mean();
                    expected += p * q * mean;
                }
            }
        }

        assertThat(expected).isCloseTo(2.0 / 3, within(1e-12));
    }

    /** Rows are chosen for being called wrongly: naively the accuracy is .70 to .75 instead of .9. */
    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void choiceByUsefulnessIsUndoneAndIntervalsCover(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int runs = 400;
        int covered = 0;
        int coveredRatio = 0;
        double naive = 0;
        double[] means = new double[runs];
        double truth = 0;
        for (int r = 0; r < runs; r++) {
            int n = 1000;
            double[] usefulness = new double[n];
            boolean[] right = new boolean[n];
            boolean[] positive = new boolean[n];
            double rights = 0;
            double positives = 0;
            double found = 0;
            for (int i = 0; i < n; i++) {
                boolean hard = random.nextDouble() < 0.2;
                usefulness[i] = hard ? 0.9 : 0.35 + 0.2 * random.nextDouble();
                right[i] = random.nextDouble() < (hard ? 0.6 : 0.975);
                positive[i] = random.nextDouble() < 0.3;
                rights += right[i] ? 1 : 0;
                positives += positive[i] ? 1 : 0;
                found += positive[i] && right[i] ? 1 : 0;
            }
            PowerSampling window = new PowerSampling(usefulness, 3);
            Lure accuracy = new Lure(n);
            Lure completeness = new Lure(n);
            double naively = 0;
            for (int m = 0; m < 250; m++) {
                PowerSampling.Draw draw = window.next(random);
                int i = draw.index();
                accuracy.add(draw.probability(), right[i] ? 1 : 0, right[i] ? 0 : 1);
                completeness.add(draw.probability(), positive[i] && right[i] ? 1 : 0, positive[i] && !right[i] ? 1 : 0);
                naively += right[i] ? 1.0 / 250 : 0;
            }
            HorvitzThompson.Estimate estimate = accuracy.share(0.95);
            HorvitzThompson.Estimate ratio = completeness.share(0.95);
            means[r] = accuracy.mean() - rights / n;
            truth += rights / n / runs;
            naive += naively / runs;
            covered += estimate.low() <= rights / n && rights / n <= estimate.high() ? 1 : 0;
            coveredRatio += ratio.low() <= found / positives && found / positives <= ratio.high() ? 1 : 0;
        }

        double bias = 0;
        double squares = 0;
        for (double each : means) {
            bias += each / runs;
            squares += each * each / runs;
        }
        assertThat(naive).isLessThan(truth - 0.1);
        assertThat(bias).isCloseTo(0, within(3 * Math.sqrt(squares / runs)));
        // Standard error of a coverage of .95 in 400 runs: .011.
        assertThat(covered / (double) runs).isBetween(0.92, 1.0);
        assertThat(coveredRatio / (double) runs).isBetween(0.91, 1.0);
    }

    @Test
    void nothingThatBearsOnItIsNoEstimateAndNoMissKeepsAWidth() {
        Lure none = new Lure(10).add(0.1, 0, 0);
        Lure sure = new Lure(1000);
        for (int i = 0; i < 20; i++) {
            sure.add(1.0 / (1000 - i), 1, 0);
        }

        assertThat(none.share(0.95).value()).isNaN();
        assertThat(sure.share(0.95).value()).isEqualTo(1);
        assertThat(sure.share(0.95).low()).isBetween(0.8, 0.87);
        assertThatThrownBy(() -> none.add(0, 1, 0)).hasMessageContaining("probability 0.0");
        assertThatThrownBy(() -> new Lure(0)).hasMessageContaining("pool of 0 rows");
    }
}
