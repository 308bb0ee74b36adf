package org.skysieve.engine.lightcurve;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FadingTest {
    @Test
    void itIsTheSlopeOfTheLastTwoDetectionsInOneBand() {
        LightCurve curve = LightCurve.of(
                List.of(at(60_000, Passband.G, 18), at(60_002, Passband.G, 18.6), at(60_001, Passband.R, 17)));

        assertThat(Fading.magPerDay(curve)).isCloseTo(0.3, within(1e-6));
    }

    @Test
    void theSameNightTellsNothingAndABrighteningIsNegative() {
        assertThat(Fading.magPerDay(LightCurve.of(List.of(at(60_000, Passband.G, 18), at(60_000.1, Passband.G, 19)))))
                .isNaN();
        assertThat(Fading.magPerDay(LightCurve.EMPTY)).isNaN();
        assertThat(Fading.magPerDay(LightCurve.of(List.of(at(60_000, Passband.G, 19), at(60_004, Passband.G, 18)))))
                .isCloseTo(-0.25, within(1e-6));
    }

    private static LightCurvePoint at(double timeMjd, Passband band, double mag) {
        return new LightCurvePoint(timeMjd, band, mag, 0.1, Double.NaN, true);
    }
}
