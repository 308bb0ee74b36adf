package org.skysieve.engine.select;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FreshnessTest {
    private static final double NOW = 61_000;

    @Test
    void aDayLaterStandsOneDoublingHigher() {
        double yesterday = Freshness.key(NOW - 1, 0.3);
        double today = Freshness.key(NOW, 0.3);

        assertThat(today - yesterday).isCloseTo(1, within(1e-9));
        assertThat(Freshness.worth(yesterday, today)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void ofTwoFromTheSameNightTheOneThatFadesFasterComesFirst() {
        double kilonova = Freshness.key(NOW, 1.8);
        double supernova = Freshness.key(NOW, 0.1);

        // Light lost in the coming day: 1 - 10^-0.72 = .8095 against 1 - 10^-0.04 = .0880.
        assertThat(Freshness.worth(supernova, kilonova)).isCloseTo(0.0880 / 0.8095, within(1e-3));
    }

    @Test
    void withoutALightCurveItCountsAsUsualAndARisingOneIsStillRanked() {
        assertThat(Freshness.key(NOW, Double.NaN)).isEqualTo(Freshness.key(NOW, Freshness.USUAL_FADE));
        assertThat(Freshness.key(NOW, -0.5)).isFinite().isLessThan(Freshness.key(NOW, 0.1));
    }
}
