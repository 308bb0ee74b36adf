package org.skysieve.engine.context;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class ContextRulesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 19, 19, SOLAR_SYSTEM",
        "5, 19, 21, SOLAR_SYSTEM",
        "5.01, 19, 19, ORPHAN",
        "1, 19, 21.01, ORPHAN",
        "1, 19, 16.99, ORPHAN",
        "1, NaN, 19, SOLAR_SYSTEM",
        "1, 19, NaN, SOLAR_SYSTEM",
        "NaN, NaN, 19, SOLAR_SYSTEM",
    })
    void aKnownObjectMustBeNearAndAsBrightAsPredicted(
            double arcsec, double predicted, double measured, SkyContext.Kind kind) {
        Surroundings around = new Surroundings(true, new KnownObject("433", arcsec, predicted), true, List.of(), 1);

        SkyContext context = ContextRules.classify(around, measured);

        assertThat(context.kind()).isEqualTo(kind);
        if (kind == SkyContext.Kind.SOLAR_SYSTEM) {
            assertThat(context.rule()).contains("433");
            assertThat(context.arcsec()).isEqualTo(Double.valueOf(arcsec));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // arcsec, r, star score
        "1.5, 18, .77, VARIABLE_STAR",
        "1.51, 18, .77, ORPHAN",
        "1.5, 18, .76, UNKNOWN",
        "1.5, 18, .5, UNKNOWN",
        "1.5, 18, .49, NUCLEAR",
        "1.51, 18, .49, SUPERNOVA",
        "20, 14.9, .5, BRIGHT_STAR",
        "20, 14.9, .49, SUPERNOVA",
        "20, 15, 1, ORPHAN",
        "20.1, 14.9, 1, ORPHAN",
        "1.5, 14, 1, VARIABLE_STAR",
        "1.5, 14, .6, BRIGHT_STAR",
    })
    void oneSourceDecidesByDistanceBrightnessAndShape(double arcsec, double r, double score, SkyContext.Kind kind) {
        SkyContext context = ContextRules.classify(near(new Neighbour(Neighbour.PS1, arcsec, r, score)), 19);

        assertThat(context.kind()).as(context.rule()).isEqualTo(kind);
    }

    @Test
    void gaiaMakesAStarOfASourceWithoutAScoreButNotOfAGalaxy() {
        Neighbour unclear = new Neighbour(Neighbour.PS1, .3, 18, .5);
        Neighbour galaxy = new Neighbour(Neighbour.PS1, .3, 18, .02);

        assertThat(kind(unclear, gaia(1.5, 18))).isEqualTo(SkyContext.Kind.VARIABLE_STAR);
        assertThat(kind(unclear, gaia(1.51, 18))).isEqualTo(SkyContext.Kind.UNKNOWN);
        assertThat(kind(galaxy, gaia(.3, 18))).isEqualTo(SkyContext.Kind.NUCLEAR);
        assertThat(kind(gaia(20, 11.99))).isEqualTo(SkyContext.Kind.BRIGHT_STAR);
        assertThat(kind(gaia(20, 12))).isEqualTo(SkyContext.Kind.ORPHAN);
        assertThat(kind(gaia(20.01, 10))).isEqualTo(SkyContext.Kind.ORPHAN);
    }

    @Test
    void beingOnASourceComesBeforeBeingNearAStarAndThatBeforeAGalaxy() {
        Neighbour core = new Neighbour(Neighbour.PS1, .2, 18, .02);
        Neighbour galaxy = new Neighbour(Neighbour.PS1, 3, 17, .02);
        Neighbour bright = new Neighbour(Neighbour.PS1, 15, 12, 1);

        assertThat(kind(core, bright)).isEqualTo(SkyContext.Kind.NUCLEAR);
        SkyContext besideBoth = ContextRules.classify(near(galaxy, bright), 19);
        assertThat(besideBoth.kind()).isEqualTo(SkyContext.Kind.BRIGHT_STAR);
        assertThat(besideBoth.host()).isNotNull();
        assertThat(besideBoth.host().arcsec()).isEqualTo(3);
    }

    @Test
    void theHostIsTheGalaxyThatIsLeastLikelyThereByChance() {
        Neighbour faintAndNear = new Neighbour(Neighbour.PS1, 2, 22, .1);
        Neighbour brightAndFar = new Neighbour(Neighbour.PS1, 5, 17, .1);

        SkyContext context = ContextRules.classify(near(faintAndNear, brightAndFar), 19);

        assertThat(context.kind()).isEqualTo(SkyContext.Kind.SUPERNOVA);
        assertThat(context.arcsec()).isEqualTo(5);
        assertThat(context.host()).isEqualTo(new SkyContext.Host(Neighbour.PS1, 5, 17, ContextRules.chance(5, 17)));
        assertThat(context.rule()).contains("r 17.0").contains("5.00″").contains("at most 10 %");
    }

    @Test
    void chanceIsThePublishedFormula() {
        // At m = 22.963 the exponent is 4.320: 20,893 galaxies to a square degree and magnitude.
        double sigma = Math.pow(10, 4.32) / (3600. * 3600 * .334 * Math.log(10));

        assertThat(ContextRules.chance(2, 22.963)).isCloseTo(1 - Math.exp(-4 * Math.PI * sigma), within(1e-12));
        assertThat(ContextRules.chance(0, 15)).isZero();
        // Three magnitudes brighter are ten times as rare: 10^(.334 * 2.994) = 10.
        assertThat(ContextRules.chance(1e-3, 20) / ContextRules.chance(1e-3, 20 - 1 / .334))
                .isCloseTo(10, within(1e-6));
        assertThat(ContextRules.chance(3, Double.NaN)).isEqualTo(ContextRules.chance(3, 23.2));
    }

    @Test
    void theHostStopsWhereChanceReachesOneInTen() {
        double sigma = Math.pow(10, .334 * (20 - 22.963) + 4.32) / (3600. * 3600 * .334 * Math.log(10));
        double limit = Math.sqrt(-Math.log(.9) / (Math.PI * sigma));

        assertThat(kind(new Neighbour(Neighbour.PS1, limit * .999, 20, .1))).isEqualTo(SkyContext.Kind.SUPERNOVA);
        assertThat(kind(new Neighbour(Neighbour.PS1, limit * 1.001, 20, .1))).isEqualTo(SkyContext.Kind.ORPHAN);
    }

    @Test
    void whatTheSurveyDidNotLookForIsUnknown() {
        assertThat(ContextRules.classify(Surroundings.UNKNOWN, 19).kind()).isEqualTo(SkyContext.Kind.UNKNOWN);
        Surroundings onlyAsteroids = new Surroundings(true, null, false, List.of(), -1);
        SkyContext context = ContextRules.classify(onlyAsteroids, 19);
        assertThat(context.kind()).isEqualTo(SkyContext.Kind.UNKNOWN);
        assertThat(context.rule()).startsWith("no known object of the solar system");
        assertThat(ContextRules.classify(near(), 19).rule()).isEqualTo("no catalogued source nearby");
    }

    @Test
    void neighboursAreSortedAndChecked() {
        Neighbour far = new Neighbour(Neighbour.PS1, 9, 20, 1);
        Neighbour close = new Neighbour(Neighbour.PS1, 2, 20, 1);

        assertThat(near(far, close).neighbours()).containsExactly(close, far);
        assertThatThrownBy(() -> new Neighbour(Neighbour.PS1, -999, 20, 1)).hasMessageContaining("-999");
    }

    @Test
    void keysComeBack() {
        for (SkyContext.Kind kind : SkyContext.Kind.values()) {
            assertThat(SkyContext.Kind.ofKey(kind.key())).isEqualTo(kind);
        }
        assertThat(SkyContext.Kind.SOLAR_SYSTEM.key()).isEqualTo("solar-system");
        assertThatThrownBy(() -> SkyContext.Kind.ofKey("quasar")).hasMessageContaining("quasar");
    }

    private static SkyContext.Kind kind(Neighbour... neighbours) {
        return ContextRules.classify(near(neighbours), 19).kind();
    }

    private static Neighbour gaia(double arcsec, double g) {
        return new Neighbour(Neighbour.GAIA, arcsec, g, Double.NaN);
    }

    private static Surroundings near(Neighbour... neighbours) {
        return new Surroundings(true, null, true, List.of(neighbours), 1);
    }
}
