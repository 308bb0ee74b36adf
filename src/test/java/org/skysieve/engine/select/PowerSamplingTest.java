package org.skysieve.engine.select;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class PowerSamplingTest {
    @Test
    void theFirstDrawHasTheStatedProbability() {
        PowerSampling.Draw draw = new PowerSampling(new double[] {1, 0.5, 0.5}, 2).next(new SplittableRandom(1));

        double[] expected = {1 / 1.5, 0.25 / 1.5, 0.25 / 1.5};
        assertThat(draw.probability()).isCloseTo(expected[draw.index()], within(1e-12));
    }

    @Test
    void everyoneIsDrawnOnceAndTheLastForSure() {
        PowerSampling window = new PowerSampling(new double[] {0, 0.3, 1, 0.7}, 8);
        SplittableRandom random = new SplittableRandom(2);
        Set<Integer> seen = new HashSet<>();

        PowerSampling.Draw last = null;
        while (window.remaining() > 0) {
            last = window.next(random);
            seen.add(last.index());
            assertThat(last.probability()).isGreaterThan(0).isLessThanOrEqualTo(1);
        }

        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(last).isNotNull();
        assertThat(last.probability()).isEqualTo(1);
        assertThatThrownBy(() -> window.next(random)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void loggedProbabilitiesEqualRealisedFrequencies(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] usefulness = {0.9, 0.8, 0.8, 0.5, 0.2, 0.05};
        int runs = 20_000;

        // The second of two draws: its logged probability depends on the first, so compare the sum of 1 / p.
        double[] drawn = new double[usefulness.length];
        double inverse = 0;
        double inverseSquares = 0;
        for (int r = 0; r < runs; r++) {
            PowerSampling window = new PowerSampling(usefulness, 1.5);
            PowerSampling.Draw first = window.next(random);
            drawn[first.index()]++;
            double oneOver = 1 / window.next(random).probability();
            inverse += oneOver;
            inverseSquares += oneOver * oneOver;
        }

        double sum = 0;
        for (double u : usefulness) {
            sum += Math.pow(u, 1.5);
        }
        for (int i = 0; i < usefulness.length; i++) {
            double p = Math.pow(usefulness[i], 1.5) / sum;
            double standardError = Math.sqrt(p * (1 - p) / runs);
            assertThat(drawn[i] / runs).isCloseTo(p, within(4 * standardError));
        }
        // E[1 / p] is the number of candidates left, 5, whichever was drawn first.
        double mean = inverse / runs;
        double standardError = Math.sqrt((inverseSquares / runs - mean * mean) / runs);
        assertThat(mean).isCloseTo(5, within(4 * standardError));
    }

    @Test
    void powerZeroIsUniformAndALargePowerTakesTheBest() {
        SplittableRandom random = new SplittableRandom(4);
        double[] usefulness = {0.2, 0.9, 0.4};

        assertThat(new PowerSampling(usefulness, 0).next(random).probability()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(new PowerSampling(usefulness, 200).next(random).index()).isEqualTo(1);
    }

    @Test
    void removedOnesAreNotDrawn() {
        PowerSampling window = new PowerSampling(new double[] {1, 1, 1}, 1);
        window.remove(1);
        window.remove(1);

        assertThat(window.remaining()).isEqualTo(2);
        PowerSampling.Draw draw = window.next(new SplittableRandom(5));
        assertThat(draw.probability()).isCloseTo(0.5, within(1e-12));
        assertThat(draw.index()).isNotEqualTo(1);
    }

    @Test
    void negativeUsefulnessIsRefused() {
        assertThatThrownBy(() -> new PowerSampling(new double[] {-1}, 1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new PowerSampling(new double[] {1}, -1)).hasMessageContaining("-1.0");
    }
}
