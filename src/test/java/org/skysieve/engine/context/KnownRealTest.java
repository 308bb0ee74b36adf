package org.skysieve.engine.context;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class KnownRealTest {
    @ParameterizedTest
    @CsvSource({"2, true", "2.01, false", "NaN, false"})
    void aMinorPlanetMustBeAtItsPlace(double arcsec, boolean known) {
        Surroundings around = new Surroundings(true, new KnownObject("433", arcsec, 19), true, List.of(), 1);
        SkyContext context = ContextRules.classify(around, 19);

        assertThat(context.kind()).isEqualTo(SkyContext.Kind.SOLAR_SYSTEM);
        assertThat(KnownReal.minorPlanet(context, 2).isPresent()).isEqualTo(known);
        assertThat(KnownReal.variableStar(context, around, 1, 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // arcsec, r, detections, r of another star 10 arcsec away
        "1, 18, 20, 17, true",
        "1.01, 18, 20, 17, false",
        "1, 18, 19, 17, false",
        "1, 14.9, 20, 17, false",
        "1, 18, 20, 14.9, false",
    })
    void aVariableStarMustBeSeenOftenAndFarFromBrightStars(
            double arcsec, double r, int detections, double other, boolean known) {
        Surroundings around = new Surroundings(
                true,
                null,
                true,
                List.of(new Neighbour(Neighbour.PS1, arcsec, r, 1), new Neighbour(Neighbour.PS1, 10, other, 1)),
                detections);
        SkyContext context = ContextRules.classify(around, 19);

        assertThat(context.kind()).isEqualTo(SkyContext.Kind.VARIABLE_STAR);
        assertThat(KnownReal.variableStar(context, around, 1, 20).isPresent()).isEqualTo(known);
        assertThat(KnownReal.minorPlanet(context, 2)).isEmpty();
    }
}
