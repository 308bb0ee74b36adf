package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class CutoutFeaturesTest {
    private final CutoutFeatures features = new CutoutFeatures();

    @Test
    void theMatchedFilterFindsASourceOfKnownSignificance() {
        // Peak 20 sigma: with profile p, S/N = 20 sqrt(sum p^2) for a source of just that profile.
        int side = 63;
        float[] pixels = SyntheticCutouts.noise(side, 1, 0, new SplittableRandom(1));
        double sumOfSquares = 0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double p = Stamp.profile(x - 31.3, y - 30.8, 2.5);
                pixels[y * side + x] += (float) (20 * p);
                sumOfSquares += p * p;
            }
        }
        var cutouts = new CutoutTriplet(null, null, new Cutout(side, side, pixels));

        float[] row = features.extract(cutouts, 2.5);

        double snr = Math.expm1(of(row, "diffSnr"));
        // White noise adds 1; the sigma of the stamp and the fitted place are off by some per cent.
        assertThat(snr).isCloseTo(20 * Math.sqrt(sumOfSquares), within(2.5));
        assertThat(of(row, "diffPsfCorrelation")).isGreaterThan(.95);
        assertThat(of(row, "diffOffset")).isCloseTo(Math.hypot(.3, .2) / 2.5, within(.04));
        assertThat(of(row, "diffWidth")).isCloseTo(0, within(.2));
        assertThat(of(row, "diffMasked")).isZero();
    }

    @Test
    void aWideSourceAndAHotPixelShowTheirWidth() {
        float[] wide = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(2));
        SyntheticCutouts.add(wide, 63, 0, 0, 5, 60);
        float[] hot = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(3));
        hot[31 * 63 + 31] += 60;

        float[] wideRow = features.extract(difference(63, wide), 2.5);
        float[] hotRow = features.extract(difference(63, hot), 2.5);

        assertThat(of(wideRow, "diffWidth")).isBetween(.5, 1.5);
        assertThat(of(hotRow, "diffWidth")).isLessThan(-1.);
        assertThat(of(hotRow, "diffSharpness")).isGreaterThan(1.5);
        assertThat(of(wideRow, "diffSharpness")).isLessThan(1.);
        assertThat(of(wideRow, "diffMomentRadius")).isGreaterThan(of(hotRow, "diffMomentRadius"));
    }

    @Test
    void aDipoleIsNegativeNextToItselfAndAsymmetric() {
        var random = new SplittableRandom(4);

        float[] dipole = features.extract(SyntheticCutouts.dipole(63, 2.5, 30, random), Double.NaN);
        float[] point = features.extract(SyntheticCutouts.real(63, 2.5, 30, random), Double.NaN);

        assertThat(of(dipole, "diffNegativeFraction")).isBetween(.3, .7);
        assertThat(of(point, "diffNegativeFraction")).isLessThan(.05);
        assertThat(of(dipole, "diffMinToPeak")).isLessThan(-.7);
        assertThat(of(dipole, "diffAsymmetry180")).isGreaterThan(3 * of(point, "diffAsymmetry180"));
        assertThat(of(dipole, "diffGradientShare")).isGreaterThan(5 * of(point, "diffGradientShare"));
        assertThat(of(point, "diffScienceCorrelation")).isGreaterThan(.9);
    }

    @Test
    void whatWasMeasuredBeforeLeavesNoTrace() {
        var random = new SplittableRandom(12);
        float[] masked = SyntheticCutouts.noise(63, 1, 0, random);
        for (int y = 15; y < 48; y++) {
            Arrays.fill(masked, y * 63 + 15, y * 63 + 48, Float.NaN);
        }
        CutoutTriplet blind = difference(63, masked);
        float[] fresh = new CutoutFeatures().extract(blind, Double.NaN);

        features.extract(SyntheticCutouts.dipole(63, 2.5, 30, random), Double.NaN);

        assertThat(features.extract(blind, Double.NaN)).isEqualTo(fresh);
        assertThat(of(fresh, "diffMinDistance")).isNaN();
    }

    @Test
    void flashesOnBothSidesAreAPairAndOneNeighbourIsNot() {
        float[] flashes = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(5));
        SyntheticCutouts.add(flashes, 63, 0, 0, 2.5, 30);
        float[] neighbour = flashes.clone();
        SyntheticCutouts.add(flashes, 63, 15, 9, 2.5, 40);
        SyntheticCutouts.add(flashes, 63, -15, -9, 2.5, 30);
        SyntheticCutouts.add(neighbour, 63, 15, 9, 2.5, 40);
        float[] masked = flashes.clone();
        // Where the other flash may be is not known.
        Arrays.fill(masked, 0, 26 * 63, Float.NaN);

        float[] pair = features.extract(difference(63, flashes), 2.5);
        float[] single = features.extract(difference(63, neighbour), 2.5);
        float[] half = features.extract(difference(63, masked), 2.5);

        // Of the pair the fainter one counts, which is as bright as the candidate.
        assertThat(of(pair, "diffPairedShare")).isCloseTo(1, within(.1));
        assertThat(of(pair, "diffPairedSpots")).isGreaterThan(Math.log1p(12));
        assertThat(of(single, "diffPairedShare")).isLessThan(.1f);
        assertThat(of(half, "diffPairedShare")).isZero();
    }

    @Test
    void aRowOfLightIsAStreak() {
        float[] row = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(5));
        float[] diagonal = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(6));
        for (int x = 0; x < 63; x++) {
            row[31 * 63 + x] += 10;
            diagonal[x * 63 + x] += 10;
        }

        float[] rowFeatures = features.extract(difference(63, row), 2.5);
        float[] diagonalFeatures = features.extract(difference(63, diagonal), 2.5);

        assertThat(of(rowFeatures, "diffRowStreak")).isGreaterThan(Math.log1p(30));
        assertThat(of(rowFeatures, "diffColumnStreak")).isLessThan(Math.log1p(4));
        assertThat(of(diagonalFeatures, "diffLineStreak")).isGreaterThan(Math.log1p(20));
        assertThat(of(diagonalFeatures, "diffRowStreak")).isLessThan(Math.log1p(4));
    }

    @ParameterizedTest
    @ValueSource(doubles = {.01, 37, 1e5})
    void theUnitOfThePixelsDoesNotMatter(double unit) {
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 20, new SplittableRandom(7));
        var scaled = new CutoutTriplet(
                scale(cutouts.science(), unit), scale(cutouts.template(), unit), scale(cutouts.difference(), unit));

        float[] a = features.extract(cutouts, 2.5);
        float[] b = features.extract(scaled, 2.5);

        for (int i = 0; i < a.length; i++) {
            assertThat(b[i]).as(CutoutFeatures.names().get(i)).isCloseTo(a[i], within(2e-3f));
        }
    }

    @Test
    void aLevelUnderTheImageDoesNotMatter() {
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 20, new SplittableRandom(8));
        float[] shifted = cutouts.difference().pixels();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += 50;
        }

        float[] a = features.extract(cutouts, 2.5);
        float[] b = features.extract(
                new CutoutTriplet(cutouts.science(), cutouts.template(), new Cutout(63, 63, shifted)), 2.5);

        for (int i = 0; i < a.length; i++) {
            assertThat(b[i]).as(CutoutFeatures.names().get(i)).isCloseTo(a[i], within(2e-3f));
        }
    }

    @Test
    void theSameSourceLooksTheSameAtOtherSeeingAndScale() {
        float[] coarse = features.extract(SyntheticCutouts.real(63, 2, 30, new SplittableRandom(9)), 2);
        float[] fine = features.extract(SyntheticCutouts.real(63, 4, 30, new SplittableRandom(9)), 4);

        for (String name : List.of("diffPsfCorrelation", "diffWidth", "diffNegativeFraction", "diffConcentration")) {
            assertThat(of(fine, name)).as(name).isCloseTo(of(coarse, name), within(.2));
        }
    }

    @Test
    void anyStampSizeAndAnyMissingImageGivesAFullVector() {
        var random = new SplittableRandom(10);
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 20, random);
        Cutout allMasked = new Cutout(63, 63, nan(63 * 63));
        Cutout flat = new Cutout(63, 63, new float[63 * 63]);
        List<CutoutTriplet> odd = List.of(
                new CutoutTriplet(null, null, null),
                new CutoutTriplet(allMasked, allMasked, allMasked),
                new CutoutTriplet(flat, flat, flat),
                new CutoutTriplet(new Cutout(1, 1, new float[] {1}), null, null),
                new CutoutTriplet(cutouts.science(), null, cutouts.difference()),
                new CutoutTriplet(cutouts.science(), cutouts.template(), null),
                new CutoutTriplet(cutouts.science(), null, null),
                SyntheticCutouts.real(30, 4, 20, random),
                SyntheticCutouts.real(7, 2, 20, random),
                SyntheticCutouts.real(93, 4, 20, random),
                new CutoutTriplet(new Cutout(41, 63, new float[41 * 63]), cutouts.template(), cutouts.difference()));

        for (CutoutTriplet triplet : odd) {
            float[] row = features.extract(triplet, Double.NaN);
            assertThat(row).hasSize(CutoutFeatures.count());
            for (float value : row) {
                assertThat(Float.isInfinite(value)).isFalse();
            }
        }
        // Without a difference, science less template stands in for it.
        assertThat(of(features.extract(odd.get(5), 2.5), "diffPsfCorrelation")).isGreaterThan(.9);
        assertThat(of(features.extract(odd.get(0), 2.5), "diffSnr")).isNaN();
    }

    @Test
    void aBandOfMaskedRowsFarFromTheCandidateMovesLittle() {
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 30, new SplittableRandom(11));
        float[] masked = cutouts.difference().pixels();
        Arrays.fill(masked, 0, 63 * 10, Float.NaN);

        float[] whole = features.extract(cutouts, 2.5);
        float[] part = features.extract(
                new CutoutTriplet(cutouts.science(), cutouts.template(), new Cutout(63, 63, masked)), 2.5);

        assertThat(of(part, "diffMasked")).isCloseTo(10 / 63., within(1e-6));
        for (String name : List.of("diffSnr", "diffPsfCorrelation", "diffNegativeFraction", "diffRing2", "sciSnr")) {
            assertThat(of(part, name)).as(name).isCloseTo(of(whole, name), within(.05));
        }
    }

    @Test
    void oneExtractorUsedAgainSaysTheSameAsANewOne() {
        var random = new SplittableRandom(12);
        CutoutTriplet large = SyntheticCutouts.dipole(93, 3, 40, random);
        CutoutTriplet small = SyntheticCutouts.real(31, 2.5, 10, random);

        features.extract(large, 3);
        float[] again = features.extract(small, 2.5);

        assertThat(again).isEqualTo(new CutoutFeatures().extract(small, 2.5));
    }

    @Test
    void namesAreUniqueAndASenselessSeeingIsRefused() {
        assertThat(CutoutFeatures.names()).doesNotHaveDuplicates().hasSize(CutoutFeatures.count());
        assertThatThrownBy(() -> features.extract(new CutoutTriplet(null, null, null), -1))
                .hasMessageContaining("got a seeing of -1.0 px");
    }

    @Test
    void theMedianIsTheOneOfASort() {
        var random = new SplittableRandom(13);
        for (int n = 1; n < 60; n++) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = random.nextInt(10);
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);

            assertThat(Stamp.select(values, n, n / 2)).isEqualTo(sorted[n / 2]);
        }
    }

    private static double of(float[] row, String name) {
        return row[CutoutFeatures.names().indexOf(name)];
    }

    private static CutoutTriplet difference(int side, float[] pixels) {
        return new CutoutTriplet(null, null, new Cutout(side, side, pixels));
    }

    private static Cutout scale(Cutout cutout, double unit) {
        float[] pixels = cutout.pixels();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= (float) unit;
        }
        return new Cutout(cutout.width(), cutout.height(), pixels);
    }

    private static float[] nan(int n) {
        float[] pixels = new float[n];
        Arrays.fill(pixels, Float.NaN);
        return pixels;
    }
}
