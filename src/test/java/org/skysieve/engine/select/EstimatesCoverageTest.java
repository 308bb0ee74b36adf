package org.skysieve.engine.select;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.consensus.RetirementRule.Decision;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the dashboard says of a workflow, against the hidden truth: projects in memory with a crowd whose errors are
 * shared, a model that is poor on faint sources, and some forty gold standards. The truth is that of all candidates, labelled
 * as the finished workflow labels them.
 */
class EstimatesCoverageTest {
    private static final int PROJECTS = Integer.getInteger("skysieve.coverage.projects", 20);
    private static final boolean VERBOSE = Boolean.getBoolean("skysieve.coverage.verbose");
    private static final int CANDIDATES = 1000;
    private static final List<String> WHAT = List.of("prevalence", "purity", "completeness");

    /** Errors and hits of one estimate over the projects. */
    private static final class Tally {
        final List<Double> errors = new ArrayList<>();
        int covered;
        double width;

        void add(HorvitzThompson.Estimate estimate, double truth) {
            if (!Double.isNaN(truth) && !Double.isNaN(estimate.value())) {
                errors.add(estimate.value() - truth);
                covered += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
                width += estimate.high() - estimate.low();
            }
        }

        double bias() {
            return errors.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        double standardError() {
            double bias = bias();
            double squares =
                    errors.stream().mapToDouble(e -> (e - bias) * (e - bias)).sum();
            return Math.sqrt(squares / (errors.size() - 1) / errors.size());
        }

        double coverage() {
            return covered / (double) errors.size();
        }

        @Override
        public String toString() {
            return String.format(
                    "bias %+.4f +- %.4f, coverage %.2f, width %.3f of %d",
                    bias(), standardError(), coverage(), width / errors.size(), errors.size());
        }
    }

    @Test
    void estimatesAreRightAndTheirIntervalsCoverTheTruth() {
        Tally[] overall = tallies();
        Tally[] bogus = tallies();
        Tally[] faint = tallies();
        Tally[] bright = tallies();
        Tally[] halfway = tallies();
        for (int seed = 1; seed <= PROJECTS; seed++) {
            SimulatedProject project = new SimulatedProject(seed, CANDIDATES, 200, 0.04);
            SplittableRandom orders = new SplittableRandom(seed);
            project.runUntilOpen(CANDIDATES / 2);
            HorvitzThompson.Estimate[] early = estimates(project, c -> true, true, orders);
            project.runUntilOpen(0);

            double[] truth = truth(project, c -> true, true);
            add(overall, estimates(project, c -> true, true, orders), truth);
            add(halfway, early, truth);
            add(bogus, estimates(project, c -> true, false, orders), truth(project, c -> true, false));
            IntPredicate isFaint = c -> project.snr[c] < 8;
            add(faint, estimates(project, isFaint, true, orders), truth(project, isFaint, true));
            add(bright, estimates(project, isFaint.negate(), true, orders), truth(project, isFaint.negate(), true));
        }

        judge("overall", overall, 0.02);
        judge("halfway", halfway, 0.02);
        judge("bogus", bogus, 0.02);
        judge("bright", bright, 0.02);
        // Some twenty candidates of the sample are faint, seven of them real: what is said is wide.
        judge("faint", faint, 0.04);
    }

    private static void judge(String name, Tally[] tallies, double mostBias) {
        for (int k = 0; k < tallies.length; k++) {
            Tally tally = tallies[k];
            String what = name + " " + WHAT.get(k) + ": " + tally;
            if (VERBOSE) {
                System.out.println(what);
            }
            assertThat(Math.abs(tally.bias())).as(what).isLessThanOrEqualTo(mostBias + 2 * tally.standardError());
            double error = Math.sqrt(0.9 * 0.1 / tally.errors.size());
            assertThat(tally.coverage()).as(what).isGreaterThanOrEqualTo(0.9 - 2 * error);
        }
    }

    private static Tally[] tallies() {
        return new Tally[] {new Tally(), new Tally(), new Tally()};
    }

    private static void add(Tally[] tallies, HorvitzThompson.Estimate[] estimates, double[] truth) {
        for (int k = 0; k < tallies.length; k++) {
            tallies[k].add(estimates[k], truth[k]);
        }
    }

    private static HorvitzThompson.Estimate[] estimates(
            SimulatedProject project, IntPredicate domain, boolean real, SplittableRandom orders) {
        GoldCalibration calibration = project.calibration(orders, real);
        HorvitzThompson begun = new HorvitzThompson(calibration);
        HorvitzThompson cohort = new HorvitzThompson(calibration);
        boolean[] finished = new boolean[project.begun.size()];
        for (int i = 0; i < finished.length; i++) {
            finished[i] = !project.isOpen(project.begun.get(i));
        }
        int size = Cohort.size(finished);
        for (int i = 0; i < finished.length; i++) {
            int c = project.begun.get(i);
            if (domain.test(c)) {
                double claimed = project.combined[c][real ? 0 : 1];
                begun.add(0.2, claimed, false);
                int label = project.label(c, orders);
                if (i < size && label == -2) {
                    cohort.add(0.2, claimed, 0.8, 0.2);
                } else if (i < size) {
                    cohort.add(0.2, claimed, label == (real ? 0 : 1));
                }
            }
        }
        HorvitzThompson.Estimate none = new HorvitzThompson.Estimate(Double.NaN, 0, 1, 0);
        boolean enough = cohort.size() >= 10;
        return new HorvitzThompson.Estimate[] {
            begun.prevalence(0.95), enough ? cohort.purity(0.95) : none, enough ? cohort.completeness(0.95) : none
        };
    }

    private static double[] truth(SimulatedProject project, IntPredicate domain, boolean real) {
        double all = 0;
        double positive = 0;
        double called = 0;
        double right = 0;
        for (int c = 0; c < project.n; c++) {
            if (!project.gold[c] && domain.test(c)) {
                boolean is = project.real[c] == real;
                boolean said = project.outcome[c].decision() == Decision.RETIRED
                        && project.outcome[c].answer() == (real ? 0 : 1);
                all++;
                positive += is ? 1 : 0;
                called += said ? 1 : 0;
                right += said && is ? 1 : 0;
            }
        }
        return new double[] {positive / all, called == 0 ? Double.NaN : right / called, right / positive};
    }
}
