package org.skysieve.engine.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RandomControlTest {
    @Test
    void aPowerLawIsFollowedToWhereItMeetsTheTarget() {
        List<double[]> points = new ArrayList<>();
        for (int n : new int[] {50, 100, 150, 200}) {
            points.add(new double[] {n, 2 * Math.pow(n, -0.5)});
        }

        RandomControl.Report report = RandomControl.meet(points, 2 / Math.sqrt(400), 250, 200, 0.14);

        assertThat(report.needed()).isCloseTo(400, within(0.01));
        assertThat(report.low()).isCloseTo(400, within(0.1));
        assertThat(report.high()).isCloseTo(400, within(0.1));
        assertThat(report.reason()).isEmpty();
    }

    @Test
    void intervalsCoverWhereTheCurveIsNoisy() {
        SplittableRandom random = new SplittableRandom(8);
        int covered = 0;
        int told = 0;
        for (int run = 0; run < 500; run++) {
            List<double[]> points = new ArrayList<>();
            for (int curve = 0; curve < 2; curve++) {
                for (int n : new int[] {75, 150, 225, 300}) {
                    points.add(new double[] {n, 1.5 * Math.pow(n, -0.4) * Math.exp(0.03 * random.nextGaussian())});
                }
            }
            double target = 1.5 * Math.pow(500, -0.4) * Math.exp(0.03 * random.nextGaussian());
            RandomControl.Report report = RandomControl.meet(points, target, 350, 300, 0.15);
            if (report.reason().isEmpty()) {
                told++;
                covered += report.low() <= 500 && 500 <= report.high() ? 1 : 0;
            }
        }

        assertThat(told).isGreaterThan(490);
        // Standard error .01 of .95.
        assertThat(covered / (double) told).isBetween(0.92, 0.98);
    }

    @Test
    void aFlatCurveAndOneTooFarAwaySaySo() {
        List<double[]> flat = List.of(
                new double[] {50, 0.3}, new double[] {100, 0.31}, new double[] {150, 0.29}, new double[] {200, 0.3});
        List<double[]> slow = new ArrayList<>();
        for (int n : new int[] {50, 100, 150, 200}) {
            slow.add(new double[] {n, Math.pow(n, -0.1)});
        }

        assertThat(RandomControl.meet(flat, 0.2, 250, 200, 0.3).reason()).contains("does not surely fall");
        RandomControl.Report far = RandomControl.meet(slow, Math.pow(10_000, -0.1), 250, 200, 0.59);
        assertThat(far.reason()).contains("beyond 10 times");
        assertThat(far.low()).isEqualTo(2000);
        assertThat(far.needed()).isNaN();
    }
}
