package org.skysieve.engine.image;

import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class PointSourceInjectionTest {
    private static final int SIDE = 63;
    private static final double FWHM = 2.4;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scienceChangesByWhatTheDifferenceChanges(boolean positive) {
        CutoutTriplet before = aGalaxyWithASource(positive, 1);

        CutoutTriplet after = inject(before, positive, 15, 2).orElseThrow();

        assertThat(after.template()).isSameAs(before.template());
        double sign = positive ? 1 : -1;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double inScience = after.science().at(x, y) - before.science().at(x, y);
                double inDifference =
                        after.difference().at(x, y) - sign * before.difference().at(x, y);
                assertThat(inScience).isCloseTo(inDifference, within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 1", "10, 2", "30, 3", "100, 4"})
    void theNewSourceHasItsSignalToNoiseAndTheOldOneIsGone(double snr, long seed) {
        CutoutTriplet before = aGalaxyWithASource(true, seed);
        assertThat(matchedFilter(before.difference(), 31, 31)).isGreaterThan(200);

        CutoutTriplet after = inject(before, true, snr, seed).orElseThrow();

        // Its standard error is 1: the noise under it.
        assertThat(matchedFilter(after.difference(), 31.3, 30.8)).isCloseTo(snr, within(3.));
        double inScience = matchedFilter(minus(after.science(), after.template()), 31.3, 30.8);
        assertThat(inScience).isCloseTo(snr, within(3.5));
    }

    @Test
    void theSameSeedGivesTheSameStamps() {
        CutoutTriplet before = aGalaxyWithASource(true, 1);

        assertThat(inject(before, true, 10, 5)).isEqualTo(inject(before, true, 10, 5));
        assertThat(inject(before, true, 10, 5)).isNotEqualTo(inject(before, true, 10, 6));
    }

    @Test
    void whatWasNotMeasuredStaysSo() {
        CutoutTriplet before = aGalaxyWithASource(true, 1);
        float[] masked = before.difference().pixels();
        for (int x = 0; x < SIDE; x++) {
            masked[33 * SIDE + x] = Float.NaN;
        }

        CutoutTriplet after = inject(
                        new CutoutTriplet(before.science(), before.template(), new Cutout(SIDE, SIDE, masked)),
                        true,
                        10,
                        1)
                .orElseThrow();

        for (int x = 0; x < SIDE; x++) {
            assertThat(after.difference().at(x, 33)).isNaN();
            assertThat(after.science().at(x, 33)).isEqualTo(before.science().at(x, 33));
        }
    }

    @Test
    void whereNothingCanBeInjectedNothingIs() {
        CutoutTriplet whole = aGalaxyWithASource(true, 1);
        Cutout flat = new Cutout(SIDE, SIDE, new float[SIDE * SIDE]);
        float[] hole = whole.difference().pixels();
        for (int i = 0; i < hole.length; i++) {
            hole[i] = Math.hypot(i % SIDE - 31, i / SIDE - 31) < 8 ? Float.NaN : hole[i];
        }

        assertThat(inject(new CutoutTriplet(null, whole.template(), whole.difference()), true, 9, 1))
                .isEmpty();
        assertThat(inject(new CutoutTriplet(whole.science(), whole.template(), null), true, 9, 1))
                .isEmpty();
        assertThat(inject(new CutoutTriplet(flat, null, new Cutout(3, 3, new float[9])), true, 9, 1))
                .isEmpty();
        assertThat(inject(new CutoutTriplet(flat, flat, flat), true, 9, 1)).isEmpty();
        assertThat(inject(new CutoutTriplet(whole.science(), null, new Cutout(SIDE, SIDE, hole)), true, 9, 1))
                .isEmpty();
        assertThatThrownBy(() -> inject(whole, true, Double.NaN, 1)).hasMessageContaining("S/N NaN");
    }

    private static Optional<CutoutTriplet> inject(CutoutTriplet stamps, boolean positive, double snr, long seed) {
        return PointSourceInjection.inject(stamps, positive, FWHM, snr, .3, -.2, new SplittableRandom(seed));
    }

    /** Template with a galaxy, difference of unit noise with a bright source in the middle, science the sum of both. */
    private static CutoutTriplet aGalaxyWithASource(boolean positive, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] template = new float[SIDE * SIDE];
        float[] difference = new float[SIDE * SIDE];
        float[] science = new float[SIDE * SIDE];
        for (int i = 0; i < template.length; i++) {
            double dx = i % SIDE - 34;
            double dy = i / SIDE - 31;
            template[i] = (float) (150 + 200 * Math.exp(-Math.hypot(dx, dy) / 3));
            difference[i] = (float) (random.nextGaussian() + 200 * profile(i % SIDE - 31, i / SIDE - 31));
            science[i] = template[i] + (positive ? difference[i] : -difference[i]);
        }
        return new CutoutTriplet(
                new Cutout(SIDE, SIDE, science), new Cutout(SIDE, SIDE, template), new Cutout(SIDE, SIDE, difference));
    }

    private static Cutout minus(Cutout a, Cutout b) {
        float[] pixels = a.pixels();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] -= b.at(i % SIDE, i / SIDE);
        }
        return new Cutout(SIDE, SIDE, pixels);
    }

    /** Least squares on white noise of one sigma. */
    private static double matchedFilter(Cutout image, double x, double y) {
        double pv = 0;
        double pp = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            double p = profile(i % SIDE - x, i / SIDE - y);
            pv += p * image.at(i % SIDE, i / SIDE);
            pp += p * p;
        }
        return pv / Math.sqrt(pp);
    }

    private static double profile(double dx, double dy) {
        double alpha = FWHM / (2 * Math.sqrt(Math.cbrt(2) - 1));
        return Math.pow(1 + (dx * dx + dy * dy) / (alpha * alpha), -3);
    }
}
