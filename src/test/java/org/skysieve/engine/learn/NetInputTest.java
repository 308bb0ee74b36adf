package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class NetInputTest {
    private static final int CENTRE = NetInput.PIXELS / 2;

    @ParameterizedTest
    @ValueSource(floats = {0, .3f, -.3f, 1, -1, 7.5f, -40, 1234, 3e5f})
    void squeezesToTheSignedLogarithm(float value) {
        double exact = Math.copySign(Math.log1p(Math.abs(value)), value);

        assertThat(NetInput.squeeze(value) / 2048.).isCloseTo(exact, within(6e-4));
    }

    @Test
    void whatIsNotMeasuredIsMaskedAndWhatIsBeyondMeasureIsTheMost() {
        assertThat(NetInput.squeeze(Float.NaN)).isEqualTo(NetInput.MASKED);
        assertThat(NetInput.squeeze(3e38f)).isEqualTo(Short.MAX_VALUE);
        assertThat(NetInput.squeeze(-3e38f)).isGreaterThan(NetInput.MASKED);
    }

    @ParameterizedTest
    @CsvSource({"63,63", "31,31", "41,63", "30,30", "93,93", "21,21"})
    void theCandidateStandsAtTheCentreOfAllImages(int width, int height) {
        float[] pixels = noise(width * height);
        pixels[height / 2 * width + width / 2] = 1e4f;
        Cutout cutout = new Cutout(width, height, pixels);

        short[] images = measure(new CutoutTriplet(cutout, cutout, cutout), Double.NaN);

        for (int image = 0; image < NetInput.IMAGES; image++) {
            short[] one = Arrays.copyOfRange(images, image * NetInput.PIXELS, (image + 1) * NetInput.PIXELS);
            int brightest = 0;
            for (int i = 0; i < one.length; i++) {
                brightest = one[i] > one[brightest] ? i : brightest;
            }
            assertThat(brightest).as("image %d", image).isEqualTo(CENTRE);
        }
    }

    @Test
    void ofASmallStampTheRestIsMasked() {
        Cutout cutout = new Cutout(21, 21, noise(21 * 21));

        short[] images = measure(new CutoutTriplet(cutout, cutout, cutout), Double.NaN);

        for (int image = 0; image < 3; image++) {
            for (int y = 0; y < 31; y++) {
                for (int x = 0; x < 31; x++) {
                    boolean inside = Math.abs(x - 15) <= 10 && Math.abs(y - 15) <= 10;
                    assertThat(images[image * NetInput.PIXELS + y * 31 + x] != NetInput.MASKED)
                            .isEqualTo(inside);
                }
            }
        }
    }

    @Test
    void aMissingImageIsMaskedAndTheDifferenceIsMadeOfTheOthers() {
        Cutout science = new Cutout(63, 63, noise(63 * 63));
        Cutout template = new Cutout(63, 63, new float[63 * 63]);

        short[] without = measure(new CutoutTriplet(science, template, null), Double.NaN);

        // A flat template has no noise to be measured in: no image; the difference is the science image.
        assertThat(without[NetInput.PIXELS + CENTRE]).isEqualTo(NetInput.MASKED);
        assertThat(without[2 * NetInput.PIXELS + CENTRE]).isEqualTo(without[CENTRE]);
    }

    @Test
    void aMaskedRowChangesNothingElseButTheNoiseItIsMeasuredIn() {
        float[] pixels = noise(63 * 63);
        Cutout whole = new Cutout(63, 63, pixels);
        Arrays.fill(pixels, 0, 10 * 63, Float.NaN);
        Cutout masked = new Cutout(63, 63, pixels);

        short[] before = measure(new CutoutTriplet(whole, whole, whole), Double.NaN);
        short[] after = measure(new CutoutTriplet(masked, masked, masked), Double.NaN);

        int lost = 0;
        for (int i = 0; i < before.length; i++) {
            boolean halfMasked = i >= 3 * NetInput.PIXELS && i % NetInput.PIXELS / 31 == 4;
            if (halfMasked) {
                continue;
            }
            if (after[i] == NetInput.MASKED) {
                lost++;
            } else {
                assertThat(after[i] / 2048.).isCloseTo(before[i] / 2048., within(.06));
            }
        }
        // Of the three images of half the resolution the lowest rows.
        assertThat(lost).isEqualTo(3 * 31 * 4);
    }

    @Test
    void aWideSeeingIsResampledToTheUsualOne() {
        float[] narrow = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(1));
        float[] wide = SyntheticCutouts.noise(63, 1, 0, new SplittableRandom(1));
        SyntheticCutouts.add(narrow, 63, 0, 0, 2.4, 1000);
        SyntheticCutouts.add(wide, 63, 0, 0, 4.8, 1000);

        short[] usual = measure(triplet(narrow), 2.4);
        short[] resampled = measure(triplet(wide), 4.8);

        for (int y = 13; y <= 17; y++) {
            for (int x = 13; x <= 17; x++) {
                int at = 2 * NetInput.PIXELS + y * 31 + x;
                assertThat(resampled[at] / 2048.).isCloseTo(usual[at] / 2048., within(.25));
            }
        }
    }

    @Test
    void planesHoldValuesAndWhereTheyAre() {
        short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        Arrays.fill(images, NetInput.MASKED);
        images[5] = 2048;
        float[] planes = new float[NetInput.PLANES * NetInput.PIXELS];

        NetInput.planes(images, planes, 0);

        assertThat(planes[5]).isEqualTo(1);
        assertThat(planes[NetInput.IMAGES * NetInput.PIXELS + 5]).isEqualTo(1);
        double sum = 0;
        for (float value : planes) {
            sum += value;
        }
        assertThat(sum).isEqualTo(2);
    }

    @Test
    void theEightTurnsAreAllDifferentAndKeepTheCentre() {
        int[][] turns = NetWorker.turns();

        assertThat(Arrays.stream(turns).map(Arrays::toString).distinct()).hasSize(8);
        for (int[] turn : turns) {
            assertThat(turn[CENTRE]).isEqualTo(CENTRE);
            assertThat(Arrays.stream(turn).distinct().count()).isEqualTo(NetInput.PIXELS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aMaskOfTrainingTakesOneSideAtBothResolutions(int side) {
        short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];

        NetWorker.mask(images, side, 12);

        int[] masked = new int[NetInput.IMAGES];
        for (int i = 0; i < images.length; i++) {
            masked[i / NetInput.PIXELS] += images[i] == NetInput.MASKED ? 1 : 0;
        }
        // Pixels 12 to 15 from the centre, and those of twice the size from 6 to 15.
        assertThat(masked).containsExactly(4 * 31, 4 * 31, 4 * 31, 10 * 31, 10 * 31, 10 * 31);
        int corner = side == 0 ? 15 * 31 : side == 1 ? 15 * 31 + 30 : side == 2 ? 15 : 30 * 31 + 15;
        assertThat(images[corner]).isEqualTo(NetInput.MASKED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theFastSelectionFindsWhatSortingFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Stamp stamp = new Stamp();
        for (int round = 0; round < 60; round++) {
            int n = 1 + random.nextInt(5000);
            float[] values = new float[n];
            int kind = random.nextInt(4);
            for (int i = 0; i < n; i++) {
                values[i] = switch (kind) {
                    case 0 -> (float) random.nextGaussian();
                    case 1 -> random.nextInt(3);
                    case 2 -> i;
                    default -> random.nextInt(10) == 0 ? (float) random.nextGaussian() : 7;
                };
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            int k = random.nextInt(n);

            assertThat(stamp.smallest(values.clone(), n, k)).isEqualTo(sorted[k]);
        }
    }

    private static float[] noise(int size) {
        float[] pixels = new float[size];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < size; i++) {
            pixels[i] = (float) (100 + 5 * random.nextGaussian());
        }
        return pixels;
    }

    private static CutoutTriplet triplet(float[] pixels) {
        Cutout cutout = new Cutout(63, 63, pixels);
        return new CutoutTriplet(cutout, cutout, cutout);
    }

    private static short[] measure(CutoutTriplet cutouts, double seeing) {
        short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        new NetInput().measure(cutouts, seeing, new float[CutoutFeatures.count()], images);
        return images;
    }
}
