package org.skysieve.engine.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class DriftTest {
    @Test
    void quantilesOfAnEvenGridAreTheGrid() {
        Quantiles grid = Quantiles.of(grid(0, 1, 1001));

        assertThat(grid.count()).isEqualTo(1001);
        assertThat(grid.at(.37)).isCloseTo(.37, within(1e-12));
        assertThat(grid.upTo(.375)).isCloseTo(.375, within(1e-12));
        assertThat(grid.upTo(-1)).isZero();
        assertThat(grid.upTo(2)).isEqualTo(1);
    }

    @Test
    void manyEqualValuesAreAStep() {
        // A quarter below, half at 1, a quarter above.
        double[] sample = DoubleStream.concat(
                        DoubleStream.concat(Arrays.stream(grid(0, .9, 100)), Arrays.stream(grid(1, 1, 200))),
                        Arrays.stream(grid(1.1, 2, 100)))
                .toArray();

        Quantiles quantiles = Quantiles.of(sample);

        assertThat(quantiles.below(1)).isCloseTo(.25, within(.011));
        assertThat(quantiles.upTo(1)).isCloseTo(.75, within(.011));
        assertThat(Drift.distance(quantiles, Arrays.stream(sample).sorted().toArray()))
                .isLessThan(.011);
        assertThat(Drift.stabilityIndex(quantiles, sample)).isLessThan(.01);
    }

    @Test
    void theSameValuesAreStable() {
        double[] values = grid(0, 1, 1000);

        assertThat(Drift.stabilityIndex(Quantiles.of(values), values)).isCloseTo(0, within(1e-3));
        assertThat(Drift.distance(Quantiles.of(values), values)).isLessThan(.002);
    }

    @Test
    void theIndexIsTheSumOverTheTenths() {
        Quantiles uniform = Quantiles.of(grid(0, 1, 10_001));
        // Only the lower half is left: five tenths have .2 instead of .1, five have half a value of 1000.
        double[] half = Arrays.stream(grid(0, 1, 2000)).filter(x -> x < .4999).toArray();
        double[] thousand = Arrays.copyOf(half, 999);

        double expected = 5 * (.2 - .1) * Math.log(2) + 5 * (.5 / 999 - .1) * Math.log(.5 / 999 / .1);

        assertThat(Drift.stabilityIndex(uniform, thousand)).isCloseTo(expected, within(.01));
        assertThat(Drift.distance(uniform, thousand)).isCloseTo(.5, within(.002));
    }

    @Test
    void whatIsNoLongerMeasuredIsAShift() {
        double[] before = grid(0, 1, 1000);
        double[] now = before.clone();
        for (int i = 0; i < 1000; i += 2) {
            now[i] = Double.NaN;
        }

        Drift.Shift shift = Drift.compare(List.of("x"), List.of(Quantiles.of(before)), new double[][] {now})
                .get(0);

        // Ten tenths have half of what they had, and the bin of "not measured" half of all instead of nothing.
        double expected = 10 * (.05 - .1) * Math.log(.5) + (.5 - .0005) * Math.log(.5 / .0005);
        assertThat(shift.psi()).isCloseTo(expected, within(.01));
        assertThat(shift.p()).isLessThan(1e-12);
        assertThat(shift.level()).isEqualTo(Drift.Level.MAJOR);
    }

    @Test
    void kolmogorovsDistributionHasItsTabulatedQuantiles() {
        // lim P(sqrt(n) D > 1.3581) = .05, (1.6276) = .01: Smirnov (1948), table 1; n large, so the correction is
        // small.
        long n = 2_000_000_000L;
        assertThat(Drift.ksP(1.3581 / Math.sqrt(n / 2.), n, n)).isCloseTo(.05, within(1e-4));
        assertThat(Drift.ksP(1.6276 / Math.sqrt(n / 2.), n, n)).isCloseTo(.01, within(1e-4));
        assertThat(Drift.ksP(0, 100, 100)).isEqualTo(1);
    }

    @Test
    void holmAdjustsStepByStep() {
        assertThat(Drift.holm(new double[] {.01, .04, .03, .005}))
                .containsExactly(new double[] {.03, .06, .06, .02}, within(1e-12));
    }

    @Test
    void aLargeShiftOfFewValuesMayBeChance() {
        Quantiles uniform = Quantiles.of(grid(0, 1, 1001));

        Drift.Shift shift = Drift.compare(List.of("x"), List.of(uniform), new double[][] {{.1, .2, .3, .4, .45}})
                .get(0);

        assertThat(shift.psi()).isGreaterThan(Drift.MAJOR);
        assertThat(shift.level()).isEqualTo(Drift.Level.STABLE);
    }

    @Test
    void falseAlarmsAmongManyFeaturesAreAsRareAsPromised() {
        int alarms = 0;
        for (int trial = 0; trial < 200; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            List<String> names = new ArrayList<>();
            List<Quantiles> reference = new ArrayList<>();
            double[][] now = new double[56][300];
            for (int f = 0; f < 56; f++) {
                names.add("f" + f);
                reference.add(Quantiles.of(random.doubles(300).toArray()));
                now[f] = random.doubles(300).toArray();
            }
            alarms += Drift.compare(names, reference, now).stream().anyMatch(s -> s.p() < Drift.SIGNIFICANT) ? 1 : 0;
        }

        // At most 1 % of 200, and three standard errors.
        assertThat(alarms).isLessThanOrEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void theSimulatorsDriftIsSeenAndItsAbsenceIsNot(long seed) {
        List<Quantiles> reference = new ArrayList<>();
        for (double[] column : columns(seed, 0, 0)) {
            reference.add(Quantiles.of(column));
        }

        List<Drift.Shift> same = Drift.compare(CutoutFeatures.names(), reference, columns(seed + 100, 0, 10_000));
        List<Drift.Shift> other = Drift.compare(CutoutFeatures.names(), reference, columns(seed + 100, 1, 10_000));

        assertThat(same).allMatch(shift -> shift.level() == Drift.Level.STABLE);
        assertThat(other.stream().filter(shift -> shift.level() == Drift.Level.MAJOR))
                .hasSizeGreaterThan(3);
    }

    @Test
    void unevenListsAreRefused() {
        assertThatThrownBy(() -> Drift.compare(List.of("x"), List.of(), new double[1][0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 names, 0 references and 1 samples");
    }

    private static double[][] columns(long seed, double drift, int from) {
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(seed).withDrift(drift));
        CutoutFeatures extractor = new CutoutFeatures();
        List<SimulatedCandidate> candidates = survey.candidates(from, 300);
        double[][] columns = new double[CutoutFeatures.count()][candidates.size()];
        for (int i = 0; i < candidates.size(); i++) {
            float[] row = extractor.extract(
                    candidates.get(i).packet().cutouts(),
                    CutoutFeatures.seeing(
                            candidates.get(i).packet().survey(),
                            candidates.get(i).packet().fwhmPixels()));
            for (int f = 0; f < row.length; f++) {
                columns[f][i] = row[f];
            }
        }
        return columns;
    }

    private static double[] grid(double from, double to, int count) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> from + (to - from) * i / (count - 1));
        return values;
    }
}
