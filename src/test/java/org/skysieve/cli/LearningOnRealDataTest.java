package org.skysieve.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The papers' figures on their data, with few seeds: each mean must reach its bar but for two standard errors.
 * {@code bench/selection} measures them with ten.
 */
class LearningOnRealDataTest {
    @BeforeAll
    static void data() {
        Assumptions.assumeTrue(
                LearningData.isThere(), "no folder " + LearningData.FOLDER + ": set -Dskysieve.data to run this");
    }

    @Test
    void ztfFromTenLabelsOneByOne() throws IOException {
        FeatureTable table = LearningData.ztf();
        LearningCurves curves = run(table, 10, 1, 4, "uncertainty", "random");

        reaches(curves, "uncertainty", 100, .13);
        reaches(curves, "uncertainty", 300, .155);
        assertThat(curves.wins("uncertainty", "random", 300)).isGreaterThanOrEqualTo(3);
        assertThat(curves.labelsToMatch("uncertainty", "random", 300).orElse(999))
                .isLessThanOrEqualTo(150);
    }

    @Test
    void snpccFromTheSpectroscopicSample() throws IOException {
        LearningCurves curves = run(LearningData.snpccFromSpectroscopicSample(), 0, 10, 3, "uncertainty");

        reaches(curves, "uncertainty", 300, .295);
        double[] before = curves.foms("uncertainty", 0);
        assertThat(LearningCurves.mean(before))
                .as("at the start: the spectroscopic sample alone misleads")
                .isBetween(.11, .15);
    }

    @Test
    void snpccFromTenLabels() throws IOException {
        LearningCurves curves = run(LearningData.snpcc(), 10, 10, 3, "uncertainty", "random");

        reaches(curves, "uncertainty", 300, .27);
        assertThat(curves.wins("uncertainty", "random", 300)).isEqualTo(3);
    }

    private static LearningCurves run(FeatureTable table, int start, int batch, int seeds, String... strategies) {
        return LearningCurves.of(
                List.of(strategies),
                LongStream.rangeClosed(1, seeds).boxed().toList(),
                seed -> LearningRun.splitting(table, LearningData.settings(start, batch), seed),
                1,
                () -> {});
    }

    private static void reaches(LearningCurves curves, String strategy, int labels, double bar) {
        double[] foms = curves.foms(strategy, labels);
        double standardError = LearningCurves.deviation(foms) / Math.sqrt(foms.length);
        assertThat(LearningCurves.mean(foms))
                .as("FoM of %s after %d labels, standard error %.4f", strategy, labels, standardError)
                .isGreaterThanOrEqualTo(bar - 2 * standardError);
    }
}
