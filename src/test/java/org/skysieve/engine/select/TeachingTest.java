package org.skysieve.engine.select;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TeachingTest {
    private static double usefulness(double p, int votes) {
        return new Teaching().usefulness(new Belief(new double[] {p, 1 - p}, Double.NaN, Double.NaN, votes));
    }

    @Test
    void whatTheModelDoubtsMostIsBegunFirst() {
        assertThat(usefulness(0.5, 0)).isCloseTo(0.5, within(1e-12));
        assertThat(usefulness(0.7, 0)).isGreaterThan(usefulness(0.9, 0));
        assertThat(usefulness(1, 0)).isZero();
    }

    @Test
    void whatIsBegunIsFinishedBeforeAnythingNewTheNearestFirst() {
        assertThat(usefulness(0.99, 1)).isGreaterThan(usefulness(0.5, 0));
        assertThat(usefulness(0.9, 1)).isGreaterThan(usefulness(0.6, 3));
        assertThat(usefulness(0.5, 3)).isCloseTo(0.5, within(1e-12));
    }
}
