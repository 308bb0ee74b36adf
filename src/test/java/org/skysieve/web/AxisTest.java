package org.skysieve.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AxisTest {
    @Test
    void mapsTheEndsToTheEndsAndTheMiddleToTheMiddle() {
        Axis axis = new Axis(17, 21, 10, 110);

        assertThat(axis.at(17)).isEqualTo(10);
        assertThat(axis.at(19)).isEqualTo(60);
        assertThat(axis.at(21)).isEqualTo(110);
    }

    @Test
    void ticksAreRoundMultiplesInsideTheAxis() {
        assertThat(new Axis(17.3, 21.2, 0, 1).ticks(5)).containsExactly(18.0, 19.0, 20.0, 21.0);
        assertThat(new Axis(-31, 4, 0, 1).ticks(5)).containsExactly(-30.0, -20.0, -10.0, 0.0);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 6, 1", "0, 10, 6, 0", "18, 18.5, 6, 1", "18, 18.2, 6, 2", "0, 1000, 3, 0"})
    void decimalsTellTheTicksApart(double low, double high, int most, int decimals) {
        assertThat(new Axis(low, high, 0, 1).decimals(most)).isEqualTo(decimals);
    }

    @Test
    void refusesAnEmptyRange() {
        assertThatThrownBy(() -> new Axis(2, 2, 0, 1)).hasMessageContaining("got [2.0, 2.0]");
    }
}
