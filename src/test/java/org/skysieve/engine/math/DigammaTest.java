package org.skysieve.engine.math;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class DigammaTest {
    private static final double EULER = 0.57721566490153286;

    @Test
    void takesTheValuesKnownInClosedForm() {
        assertThat(Digamma.of(1)).isCloseTo(-EULER, within(1e-11));
        assertThat(Digamma.of(0.5)).isCloseTo(-EULER - 2 * Math.log(2), within(1e-11));
        assertThat(Digamma.of(0.25)).isCloseTo(-EULER - Math.PI / 2 - 3 * Math.log(2), within(1e-11));
    }

    @Test
    void obeysItsRecurrenceOverTheSwitchToTheSeries() {
        for (double x : new double[] {1e-3, 0.1, 4.5, 5.5, 5.999, 6, 40, 1e6}) {
            assertThat(Digamma.of(x + 1) - Digamma.of(x)).as("x = %s", x).isCloseTo(1 / x, within(1e-9));
        }
    }

    @Test
    void refusesWhatHasNoValue() {
        assertThatThrownBy(() -> Digamma.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Digamma.of(Double.NaN)).hasMessageContaining("NaN");
    }
}
