package org.skysieve.engine.math;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class RobustTest {
    @Test
    void knowsTheQuantilesOfASmallSample() {
        Robust sample = Robust.of(new double[] {4, Double.NaN, 1, 3, Double.POSITIVE_INFINITY, 2});

        assertThat(sample.size()).isEqualTo(4);
        assertThat(sample.median()).isEqualTo(2.5);
        assertThat(sample.quantile(0)).isEqualTo(1);
        assertThat(sample.quantile(1)).isEqualTo(4);
        assertThat(sample.quantile(0.1)).isCloseTo(1.3, within(1e-12));
        assertThat(sample.mad()).isEqualTo(1);
    }

    @Test
    void anEmptySampleHasNoStatistics() {
        Robust sample = Robust.of(new float[] {Float.NaN});

        assertThat(sample.median()).isNaN();
        assertThat(sample.quantile(0.5)).isNaN();
        assertThat(sample.mad()).isNaN();
        assertThat(sample.clipped(3, 5).median()).isNaN();
    }

    @Test
    void aSampleOfOneHasNoSpread() {
        Robust sample = Robust.of(new double[] {7});

        assertThat(sample.clipped(3, 5)).isEqualTo(new Robust.Scale(7, 0));
    }

    @Test
    void rejectsAQuantileOutsideOfTheUnitInterval() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Robust.of(new double[] {1}).quantile(1.5))
                .withMessageContaining("1.5");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theDeviationEqualsTheOneOfASecondSort(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = random.doubles(1 + random.nextInt(60))
                .map(x -> Math.round(20 * x * x))
                .toArray();

        double mad = Robust.of(values).mad();

        double median = slowMedian(values);
        assertThat(mad)
                .isEqualTo(slowMedian(
                        Arrays.stream(values).map(x -> Math.abs(x - median)).toArray()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void floatsAreOrderedAsDoublesAre(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[1 + random.nextInt(3000)];
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            values[i] = random.nextInt(10) == 0 ? 0f * value : value;
            wide[i] = values[i];
        }

        Robust sample = Robust.of(values);

        Robust expected = Robust.of(wide);
        assertThat(sample.size()).isEqualTo(expected.size());
        for (double q = 0; q <= 1; q += 1 / 256.0) {
            assertThat(sample.quantile(q)).isEqualTo(expected.quantile(q));
        }
    }

    @Test
    void brightStarsDoNotMoveTheClippedScale() {
        java.util.Random random = new java.util.Random(1);
        double[] values = new double[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 10 == 0 ? 1e4 : 100 + 5 * random.nextGaussian();
        }

        Robust.Scale scale = Robust.of(values).clipped(3, 10);

        // Standard error of the median: 1.2533 sigma / sqrt(n); of the MAD about 1.17 sigma / sqrt(n).
        // Clipping at 3 sigma narrows the core by 1 % at most.
        assertThat(scale.median()).isCloseTo(100, within(4 * 1.2533 * 5 / Math.sqrt(18_000)));
        assertThat(scale.sigma()).isCloseTo(5, within(0.05 + 4 * 1.17 * 5 / Math.sqrt(18_000)));
    }

    private static double slowMedian(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
    }
}
