package org.skysieve.engine.simulate;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FrameTest {
    private final Frame frame = new Frame(101);

    @ParameterizedTest
    @CsvSource({"1.4, 2.5, 1, 0", "2.2, 3, 0.7, 0.5", "4, 4, 0.8, 2"})
    void aPointSourceKeepsItsFluxAndWidth(double fwhm, double beta, double axisRatio, double angle) {
        Psf psf = new Psf(fwhm, beta, axisRatio, angle);
        float[] image = new float[frame.side * frame.side];

        psf.add(image, frame.side, 50.3, 49.8, 1000, 1e-6);

        // Outside radius R a Moffat profile holds (1 + R^2 / a^2)^(1 - beta): at most 4e-3 at 50 pixels here.
        assertThat(sum(image)).isCloseTo(1000, within(6.0));
        double half = fwhm / 2 / Math.sqrt(axisRatio);
        assertThat(psf.at(half * Math.cos(angle), half * Math.sin(angle)) / psf.at(0, 0))
                .isCloseTo(0.5, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0, .01", "1, 3.0, .02", "4, 3.0, .12"})
    void aSersicGalaxyKeepsItsFlux(double n, double radius, double tolerance) {
        float[] image = new float[frame.side * frame.side];

        frame.addSersic(image, new Sky.Galaxy(0.2, -0.3, 500, radius, n, 0.7, 1));

        // n = 4 has a tenth of its light beyond 8 effective radii and in its cusp.
        assertThat(sum(image)).isCloseTo(500, within(500 * tolerance));
    }

    @Test
    void halfOfAnExponentialGalaxyIsWithinItsEffectiveRadius() {
        float[] image = new float[frame.side * frame.side];

        frame.addSersic(image, new Sky.Galaxy(0, 0, 1, 8, 1, 1, 0));

        double inside = 0;
        for (int y = 0; y < frame.side; y++) {
            for (int x = 0; x < frame.side; x++) {
                inside += Math.hypot(x - 50, y - 50) <= 8 ? image[y * frame.side + x] : 0;
            }
        }
        assertThat(inside).isCloseTo(0.5, within(0.02));
    }

    @Test
    void blurringAPointGivesTheGaussian() {
        float[] image = new float[frame.side * frame.side];
        image[50 * frame.side + 50] = 1;

        frame.blur(image, 2);

        assertThat(sum(image)).isCloseTo(1, within(1e-5));
        double ratio = image[50 * frame.side + 53] / image[50 * frame.side + 50];
        assertThat(ratio).isCloseTo(Math.exp(-9 / 8.0), within(1e-5));
    }

    @Test
    void templateNoiseCorrelatesWithItsNeighboursOnly() {
        double rho = 0.25;
        double a = (1 - Math.sqrt(1 - 2 * rho * rho)) / (2 * rho);
        double variance = 0;
        double beside = 0;
        double above = 0;
        double two = 0;
        double three = 0;
        int frames = 20;
        for (int f = 0; f < frames; f++) {
            float[] noise = frame.correlated(new SplittableRandom(f), rho);
            for (int y = 0; y < 98; y++) {
                for (int x = 0; x < 98; x++) {
                    double here = noise[y * 101 + x];
                    variance += here * here;
                    beside += here * noise[y * 101 + x + 1];
                    above += here * noise[(y + 1) * 101 + x];
                    two += here * noise[y * 101 + x + 2];
                    three += here * noise[y * 101 + x + 3];
                }
            }
        }
        double n = frames * 98.0 * 98.0;

        // Standard errors: sqrt(2 sum(rho^2) / n) for the variance, about 1.3 / sqrt(n) for the others.
        double error = 1.3 / Math.sqrt(n);
        assertThat(variance / n).isCloseTo(1, within(4 * 1.7 * error));
        assertThat(beside / n).isCloseTo(rho, within(4 * error));
        assertThat(above / n).isCloseTo(rho, within(4 * error));
        assertThat(two / n).isCloseTo(a * a / (1 + 2 * a * a), within(4 * error));
        assertThat(three / n).isCloseTo(0, within(4 * error));
    }

    @Test
    void theMatchedFilterRecoversTheExpectedSignalToNoise() {
        Psf psf = new Psf(2.2, 3, 1, 0);
        MatchedFilter filter = new MatchedFilter(psf);
        float[] variance = new float[frame.side * frame.side];
        Arrays.fill(variance, 9);
        double information = 0;
        for (double p : psf.kernel(4)) {
            information += p * p / 9;
        }
        double flux = 20 / Math.sqrt(information);

        double mean = 0;
        double square = 0;
        int draws = 400;
        for (int i = 0; i < draws; i++) {
            float[] image = frame.white(new SplittableRandom(i));
            for (int k = 0; k < image.length; k++) {
                image[k] *= 3;
            }
            psf.add(image, frame.side, 50, 50, flux, 1e-4);
            double snr = filter.snr(image, variance, frame.side, 50, 50);
            mean += snr / draws;
            square += snr * snr / draws;
        }

        // Closed form: a normal of mean 20 and standard deviation 1.
        assertThat(mean).isCloseTo(20, within(4 / Math.sqrt(draws) + 0.05));
        assertThat(Math.sqrt(square - mean * mean)).isCloseTo(1, within(4 / Math.sqrt(2.0 * draws)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 8})
    void permutationsNeverCollide(int halfBits) {
        Set<Long> seen = new HashSet<>();
        for (long i = 0; i < 1L << (2 * halfBits); i++) {
            seen.add(Scramble.permute(42, halfBits, i));
        }

        assertThat(seen).hasSize(1 << (2 * halfBits)).allMatch(v -> v >= 0 && v < 1L << (2 * halfBits));
    }

    private static double sum(float[] image) {
        double sum = 0;
        for (float pixel : image) {
            sum += pixel;
        }
        return sum;
    }
}
