package org.skysieve.engine.math;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class IntervalTest {
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.975, 1.959963984540054",
        "0.995, 2.575829303548901",
        "0.9999, 3.719016485455681",
        "0.01, -2.326347874040841",
        "1e-10, -6.361340902404056"
    })
    void theNormalQuantileMatchesTables(double p, double x) {
        assertThat(Normal.quantile(p)).isCloseTo(x, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-7.5, -3.0001, -2.9999, -1, 0, 0.3, 2.9999, 3.0001, 5})
    void theQuantileInvertsTheCumulative(double x) {
        double p = Normal.cumulative(x);

        assertThat(Normal.quantile(p)).isCloseTo(x, within(1e-7));
        assertThat(p + Normal.cumulative(-x)).isCloseTo(1, within(1e-14));
    }

    @Test
    void wilsonMatchesWorkedValues() {
        // Newcombe (1998), table I: 81 of 263, and 0 of 20.
        Interval some = Interval.wilson(81.0 / 263, 263, 0.95);
        Interval none = Interval.wilson(0, 20, 0.95);

        assertThat(some.low()).isCloseTo(0.2553, within(5e-5));
        assertThat(some.high()).isCloseTo(0.3662, within(5e-5));
        assertThat(none.low()).isZero();
        assertThat(none.high()).isCloseTo(0.1611, within(5e-5));
    }

    @Test
    void wilsonIsSymmetricAndNeverClaimsCertainty() {
        Interval all = Interval.wilson(1, 20, 0.95);
        Interval none = Interval.wilson(0, 20, 0.95);

        assertThat(all.high()).isEqualTo(1);
        assertThat(all.low()).isCloseTo(1 - none.high(), within(1e-12)).isLessThan(1);
    }

    @Test
    void wrongNumbersAreNamed() {
        assertThatThrownBy(() -> Interval.wilson(1.2, 10, 0.95)).hasMessageContaining("1.2");
        assertThatThrownBy(() -> Normal.quantile(1)).hasMessageContaining("1.0");
        assertThatThrownBy(() -> new Interval(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
