package org.skysieve.engine.select;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.math.Interval;
import org.skysieve.engine.select.HorvitzThompson.Proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class HorvitzThompsonTest {
    @Test
    void equalProbabilitiesGiveTheSampleProportionsAndWilsonsIntervals() {
        HorvitzThompson sample = new HorvitzThompson();
        // 12 hits, 3 false alarms, 4 misses, 21 right rejections, each standing for five.
        add(sample, 12, 0.2, 1, true);
        add(sample, 3, 0.2, 0, true);
        add(sample, 4, 0.2, 1, false);
        add(sample, 21, 0.2, 0, false);

        assertThat(sample.size()).isEqualTo(40);
        assertThat(sample.populationSize()).isCloseTo(200, within(1e-9));
        assertThat(sample.positiveTotal()).isCloseTo(80, within(1e-9));
        assertEstimate(sample.prevalence(0.95), 16.0 / 40, 40);
        assertEstimate(sample.purity(0.95), 12.0 / 15, 15);
        assertEstimate(sample.completeness(0.95), 12.0 / 16, 16);
    }

    @Test
    void softTruthCountsLikeTheSameShareOfHardTruth() {
        HorvitzThompson soft = new HorvitzThompson();
        add(soft, 50, 0.5, 0.9, true);
        add(soft, 50, 0.5, 0.1, false);

        assertEstimate(soft.prevalence(0.95), 0.5, 100);
        assertEstimate(soft.purity(0.95), 0.9, 50);
        assertEstimate(soft.completeness(0.95), 0.9, 50);
    }

    @Test
    void unequalProbabilitiesAreUndone() {
        HorvitzThompson sample = new HorvitzThompson();
        // Positives were ten times as likely to be asked about: naively half of them, in truth 1 in 11.
        add(sample, 50, 1, 1, true);
        add(sample, 50, 0.1, 0, false);

        assertThat(sample.prevalence(0.95).value()).isCloseTo(50.0 / 550, within(1e-12));
    }

    @Test
    void nothingLabelledPositiveLeavesPurityUndefined() {
        HorvitzThompson sample = new HorvitzThompson();
        add(sample, 10, 1, 0, false);

        assertThat(sample.purity(0.95).value()).isNaN();
        assertThat(sample.purity(0.95).effectiveSize()).isZero();
        assertThat(sample.completeness(0.95).value()).isNaN();
        assertThat(sample.prevalence(0.95).value()).isZero();
        assertThat(sample.prevalence(0.95).high()).isGreaterThan(0.2);
        assertThatThrownBy(() -> sample.add(0, 1, true)).hasMessageContaining("probability 0.0");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void intervalsCoverTheTruthUnderUnequalSampling(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int runs = 600;
        int[] covered = new int[3];
        double[] sum = new double[3];
        double prevalence = 0.15;
        double purity = 0.15 * 0.8 / (0.15 * 0.8 + 0.85 * 0.02);
        double completeness = 0.8;

        for (int r = 0; r < runs; r++) {
            HorvitzThompson sample = new HorvitzThompson();
            for (int i = 0; i < 3000; i++) {
                boolean positive = random.nextDouble() < prevalence;
                boolean labelled = random.nextDouble() < (positive ? 0.8 : 0.02);
                // Asked about more often where it was labelled positive or is hard: known, and unequal.
                double probability = labelled ? 0.6 : random.nextDouble() < 0.3 ? 0.4 : 0.15;
                if (random.nextDouble() < probability) {
                    sample.add(probability, positive ? 1 : 0, labelled);
                }
            }
            HorvitzThompson.Estimate[] estimates = {
                sample.prevalence(0.95), sample.purity(0.95), sample.completeness(0.95)
            };
            double[] truth = {prevalence, purity, completeness};
            for (int k = 0; k < 3; k++) {
                covered[k] += covers(estimates[k], truth[k]) ? 1 : 0;
                sum[k] += estimates[k].value();
            }
        }

        // 95 % nominal, standard error .009 at 600 runs; Hajek ratios are biased by O(1/n).
        for (int k = 0; k < 3; k++) {
            assertThat(covered[k] / (double) runs).as("proportion %d", k).isBetween(0.95 - 0.03, 0.995);
        }
        assertThat(sum[0] / runs).isCloseTo(prevalence, within(0.004));
        assertThat(sum[1] / runs).isCloseTo(purity, within(0.004));
        assertThat(sum[2] / runs).isCloseTo(completeness, within(0.008));
    }

    @Test
    void intervalsOnCalibratedSoftTruthCoverTheHiddenTruth() {
        SplittableRandom random = new SplittableRandom(21);
        int runs = 600;
        int covered = 0;

        for (int r = 0; r < runs; r++) {
            HorvitzThompson sample = new HorvitzThompson();
            for (int i = 0; i < 150; i++) {
                // Purity of "posterior at least .9" with posteriors uniform in [0, 1] is .95.
                double posterior = random.nextDouble();
                sample.add(0.2, posterior, posterior >= 0.9);
            }
            covered += covers(sample.purity(0.95), 0.95) ? 1 : 0;
        }

        // Soft truth leaves out the noise of the unseen classes, so the interval is wide: it errs on the safe side.
        assertThat(covered / (double) runs).isGreaterThan(0.92);
    }

    @Test
    void theBootstrapAgreesWithTheClosedInterval() {
        HorvitzThompson sample = new HorvitzThompson();
        SplittableRandom random = new SplittableRandom(31);
        for (int i = 0; i < 400; i++) {
            boolean positive = random.nextDouble() < 0.4;
            boolean labelled = random.nextDouble() < (positive ? 0.85 : 0.1);
            sample.add(labelled ? 0.8 : 0.3, positive ? 1 : 0, labelled);
        }

        for (Proportion proportion : Proportion.values()) {
            HorvitzThompson.Estimate closed = switch (proportion) {
                case PREVALENCE -> sample.prevalence(0.95);
                case PURITY -> sample.purity(0.95);
                case COMPLETENESS -> sample.completeness(0.95);
            };
            Interval bootstrap = sample.bootstrap(proportion, 2000, 0.95, random);
            double width = closed.high() - closed.low();
            assertThat(bootstrap.low()).isCloseTo(closed.low(), within(0.15 * width));
            assertThat(bootstrap.high()).isCloseTo(closed.high(), within(0.15 * width));
        }
    }

    private static boolean covers(HorvitzThompson.Estimate estimate, double truth) {
        return estimate.low() <= truth && truth <= estimate.high();
    }

    private static void assertEstimate(HorvitzThompson.Estimate estimate, double value, double n) {
        Interval expected = Interval.wilson(value, n, 0.95);
        assertThat(estimate.value()).isCloseTo(value, within(1e-12));
        assertThat(estimate.effectiveSize()).isCloseTo(n, within(1e-6));
        assertThat(estimate.low()).isCloseTo(expected.low(), within(1e-9));
        assertThat(estimate.high()).isCloseTo(expected.high(), within(1e-9));
    }

    private static void add(HorvitzThompson sample, int times, double probability, double positive, boolean labelled) {
        for (int i = 0; i < times; i++) {
            sample.add(probability, positive, labelled);
        }
    }
}
