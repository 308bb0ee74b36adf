package org.skysieve.engine.learn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CalibrationTest {
    @Test
    void overconfidenceOfAKnownSizeIsUndone() {
        // The raw logit is three times the true one.
        Sample sample = sample(20_000, 3, 0, 5);

        Calibration calibration = Calibration.fit(sample.raw, sample.targets, 2, sample.weights);

        for (double logit : new double[] {-1.5, -.5, 0, .5, 1.5}) {
            double raw = 1 / (1 + Math.exp(-3 * logit));
            double truth = 1 / (1 + Math.exp(-logit));
            assertThat(calibration.apply(new double[] {raw, 1 - raw})[0]).isCloseTo(truth, within(.02));
        }
    }

    @Test
    void aShiftOfThePriorIsUndone() {
        Sample sample = sample(20_000, 1, 1.2, 6);

        Calibration calibration = Calibration.fit(sample.raw, sample.targets, 2, sample.weights);

        double raw = 1 / (1 + Math.exp(-1.2));
        assertThat(calibration.apply(new double[] {raw, 1 - raw})[0]).isCloseTo(.5, within(.02));
    }

    @Test
    void withoutLabelsNothingChanges() {
        Calibration calibration = Calibration.fit(new double[0], new double[0], 3, new double[0]);

        assertThat(calibration.apply(new double[] {.2, .3, .5}))
                .containsExactly(new double[] {.2, .3, .5}, within(1e-9));
    }

    @Test
    void theOrderOfTwoClassesStays() {
        Sample sample = sample(300, 2, .5, 7);
        Calibration calibration = Calibration.fit(sample.raw, sample.targets, 2, sample.weights);

        double last = 0;
        for (double p = .01; p < 1; p += .01) {
            double calibrated = calibration.apply(new double[] {p, 1 - p})[0];
            assertThat(calibrated).isGreaterThan(last);
            last = calibrated;
        }
    }

    @Test
    void manyClassesSumToOneAndLoseNothing() {
        var random = new SplittableRandom(4);
        int n = 3000;
        double[] raw = new double[3 * n];
        double[] targets = new double[3 * n];
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        for (int i = 0; i < n; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble() * (1 - a);
            double[] truth = {a, b, 1 - a - b};
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                raw[3 * i + k] = truth[k] * truth[k] + 1e-4;
                sum += raw[3 * i + k];
            }
            for (int k = 0; k < 3; k++) {
                raw[3 * i + k] /= sum;
            }
            double u = random.nextDouble();
            targets[3 * i + (u < a ? 0 : u < a + b ? 1 : 2)] = 1;
        }

        double before = Metrics.logLoss(raw, targets, 3, weights);
        double[] calibrated = raw.clone();
        Calibration.fit(raw, targets, 3, weights).applyAll(calibrated);

        assertThat(Metrics.logLoss(calibrated, targets, 3, weights)).isLessThan(before - .02);
        for (int i = 0; i < n; i++) {
            assertThat(calibrated[3 * i] + calibrated[3 * i + 1] + calibrated[3 * i + 2])
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void rowsThatWereNeverOutOfBagAreSkipped() {
        Sample sample = sample(500, 2, 0, 8);
        double[] raw = Arrays.copyOf(sample.raw, 1002);
        raw[1000] = raw[1001] = Double.NaN;
        double[] targets = Arrays.copyOf(sample.targets, 1002);
        targets[1000] = 1;
        double[] weights = Arrays.copyOf(sample.weights, 501);
        weights[500] = 1;

        double[] with = Calibration.fit(raw, targets, 2, weights).apply(new double[] {.9, .1});
        double[] without =
                Calibration.fit(sample.raw, sample.targets, 2, sample.weights).apply(new double[] {.9, .1});

        assertThat(with).isEqualTo(without);
    }

    @Test
    void aCalibrationReadBackSaysTheSame() throws IOException {
        Sample sample = sample(300, 2, .5, 7);
        Calibration calibration = Calibration.fit(sample.raw, sample.targets, 2, sample.weights);
        var out = new ByteArrayOutputStream();

        calibration.write(new DataOutputStream(out));
        Calibration back = Calibration.read(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));

        assertThat(back.apply(new double[] {.7, .3})).isEqualTo(calibration.apply(new double[] {.7, .3}));
    }

    private record Sample(double[] raw, double[] targets, double[] weights) {}

    /** Rows whose raw logit is {@code slope * truth + shift}. */
    private static Sample sample(int n, double slope, double shift, long seed) {
        var random = new SplittableRandom(seed);
        double[] raw = new double[2 * n];
        double[] targets = new double[2 * n];
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        for (int i = 0; i < n; i++) {
            double logit = 4 * random.nextDouble() - 2;
            raw[2 * i] = 1 / (1 + Math.exp(-slope * logit - shift));
            raw[2 * i + 1] = 1 - raw[2 * i];
            targets[2 * i + (random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 0 : 1)] = 1;
        }
        return new Sample(raw, targets, weights);
    }
}
