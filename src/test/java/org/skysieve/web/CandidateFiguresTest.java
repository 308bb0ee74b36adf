package org.skysieve.web;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CandidateFiguresTest {
    /** ZTF's 63 pixels of 1.01", Rubin's 30 of 0.2", and what nobody knows. */
    @ParameterizedTest
    @CsvSource({"63.63, 20", "6, 2", "60, 20", "59.9, 10", "1.5, 0.5", "600, 60", "1.4, NaN", "0, NaN", "NaN, NaN"})
    void theBarIsTheLongestThatTakesAtMostAThird(double panelArcsec, double bar) {
        assertThat(CandidateFigures.barArcsec(panelArcsec)).isEqualTo(Double.valueOf(bar));
    }
}
