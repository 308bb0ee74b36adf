package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.skysieve.consensus.HiddenLabels;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.select.Cohort;
import org.skysieve.engine.select.GoldCalibration;
import org.skysieve.engine.select.HorvitzThompson;
import org.skysieve.project.AnswerOption;
import org.skysieve.selection.StatisticsView.Estimate;

/**
 * Estimates from the begun candidates of the frozen evaluation sample, overall, by class, by brightness and by season.
 * Without a database; the method is in docs/methods/selection.md.
 */
final class SampleEstimates {
    static final double CONFIDENCE = 0.95;

    /** Below so many candidates an interval spans most of [0, 1] and the normal theory behind it does not hold. */
    static final int LEAST_SAMPLE = 30;

    /** Purity rests on those labelled positive, completeness on the true positives: at least so many. */
    static final int LEAST_POSITIVES = 10;

    /** Seasons are months; the newest so many that hold begun candidates. */
    static final int SEASONS = 12;

    private static final String SAMPLE_TRUTH =
            " uniform random sample (frozen by a hash of the sky object, begun by uniform exploration only);"
                    + " truth: the posterior of votes and model, calibrated on gold standards";
    private static final String PREVALENCE = "Mean over the begun candidates of the" + SAMPLE_TRUTH + ".";
    private static final String LABELLED =
            " over the first-begun candidates, of which nine in ten are finished, of the";
    private static final String PURITY =
            "Share of the true ones among those labelled so," + LABELLED + SAMPLE_TRUTH + ".";
    private static final String COMPLETENESS = "Share of those labelled so among the true ones," + LABELLED
            + SAMPLE_TRUTH + "; ambiguous ones count as missed.";

    private final List<Unit> units;
    private final List<AnswerOption> answers;
    private final GoldCalibration[] calibrations;
    private final double inclusion;
    private final int cohort;
    private final double sureness;

    /**
     * A begun candidate of the sample.
     *
     * @param began orders the units by when they were begun
     * @param label the class that the workflow's rule gives it, {@link HiddenLabels#AMBIGUOUS} or
     *     {@link HiddenLabels#UNDECIDED}
     * @param month such as {@code 2026-11}
     */
    record Unit(
            long candidateId,
            long began,
            double[] posterior,
            boolean finished,
            int label,
            Brightness brightness,
            String month) {
        Unit withLabel(int other) {
            return new Unit(candidateId, began, posterior, finished, other, brightness, month);
        }
    }

    /**
     * @param sureness with which the rule labels what is undecided once it has its votes
     * @param population candidates that the sample stands for
     * @param gold claims on gold standards, against which posteriors are checked
     */
    SampleEstimates(
            List<Unit> units,
            long population,
            List<AnswerOption> answers,
            List<HiddenLabels.Claim> gold,
            double sureness) {
        this.sureness = sureness;
        this.units =
                units.stream().sorted(Comparator.comparingLong(Unit::began)).toList();
        this.answers = answers;
        boolean[] finished = new boolean[units.size()];
        for (int i = 0; i < finished.length; i++) {
            finished[i] = this.units.get(i).finished();
        }
        cohort = Cohort.size(finished);
        // In the sample and begun by now: the same for every candidate, because exploration draws uniformly.
        inclusion = Math.max(1e-9, Math.min(1, (double) units.size() / Math.max(1, population)));
        calibrations = new GoldCalibration[answers.size()];
        Arrays.setAll(calibrations, k -> calibration(gold, k));
    }

    private static GoldCalibration calibration(List<HiddenLabels.Claim> gold, int answer) {
        double[] claimed = new double[gold.size()];
        boolean[] truth = new boolean[gold.size()];
        double[] weight = new double[gold.size()];
        for (int i = 0; i < claimed.length; i++) {
            claimed[i] = inRange(gold.get(i).posterior()[answer]);
            truth[i] = gold.get(i).truth() == answer;
            weight[i] = gold.get(i).weight();
        }
        return GoldCalibration.fit(claimed, truth, weight);
    }

    private static double inRange(double p) {
        return Math.max(0, Math.min(1, p));
    }

    /** Begun candidates that it rests on. */
    int read() {
        return units.size();
    }

    /** Begun candidates that purity and completeness rest on. */
    int cohort() {
        return cohort;
    }

    /** Gold standards with votes that the calibration rests on. */
    long gold() {
        return Math.round(calibrations[0].checked());
    }

    StatisticsView.Group overall() {
        return group("overall", "all", "All candidates", 0, unit -> true);
    }

    /** By class; by brightness and by season of the first class. */
    List<StatisticsView.Group> groups() {
        List<StatisticsView.Group> groups = new ArrayList<>();
        for (int k = 0; k < answers.size(); k++) {
            groups.add(group("class", answers.get(k).key(), answers.get(k).label(), k, unit -> true));
        }
        for (Brightness brightness :
                List.of(Brightness.FAINT, Brightness.MEDIUM, Brightness.BRIGHT, Brightness.UNKNOWN)) {
            if (brightness != Brightness.UNKNOWN || units.stream().anyMatch(unit -> unit.brightness == brightness)) {
                groups.add(group(
                        "brightness",
                        brightness.name().toLowerCase(Locale.ROOT),
                        words(brightness),
                        0,
                        unit -> unit.brightness == brightness));
            }
        }
        Map<String, Integer> months = new TreeMap<>();
        units.forEach(unit -> months.merge(unit.month, 1, Integer::sum));
        months.keySet().stream()
                .skip(Math.max(0, months.size() - SEASONS))
                .forEach(month -> groups.add(group("season", month, month, 0, unit -> unit.month.equals(month))));
        return groups;
    }

    private static String words(Brightness brightness) {
        return switch (brightness) {
            case FAINT -> "Faint, S/N below 8";
            case MEDIUM -> "S/N 8 to 20";
            case BRIGHT -> "Bright, S/N 20 and above";
            case UNKNOWN -> "Brightness not measured";
        };
    }

    private StatisticsView.Group group(String kind, String key, String label, int answer, Predicate<Unit> belongs) {
        HorvitzThompson begun = new HorvitzThompson(calibrations[answer]);
        HorvitzThompson judged = new HorvitzThompson(calibrations[answer]);
        for (int i = 0; i < units.size(); i++) {
            Unit unit = units.get(i);
            if (belongs.test(unit)) {
                double claimed = inRange(unit.posterior[answer]);
                begun.add(inclusion, claimed, unit.label == answer);
                if (i < cohort && unit.label == HiddenLabels.UNDECIDED) {
                    judged.add(inclusion, claimed, sureness, 1 - sureness);
                } else if (i < cohort) {
                    judged.add(inclusion, claimed, unit.label == answer);
                }
            }
        }
        return new StatisticsView.Group(
                kind, key, label, answers.get(answer).key(), prevalence(begun), purity(judged), completeness(judged));
    }

    private static Estimate prevalence(HorvitzThompson begun) {
        int n = begun.size();
        return n < LEAST_SAMPLE
                ? none(n, PREVALENCE, "only " + n + " candidates of the sample have votes, need " + LEAST_SAMPLE)
                : estimate(begun.prevalence(CONFIDENCE), n, PREVALENCE);
    }

    private static Estimate purity(HorvitzThompson judged) {
        return judged(judged, judged.purity(CONFIDENCE), judged.labelledPositive(), PURITY, "are labelled so");
    }

    private static Estimate completeness(HorvitzThompson judged) {
        return judged(judged, judged.completeness(CONFIDENCE), judged.positives(), COMPLETENESS, "are so");
    }

    private static Estimate judged(
            HorvitzThompson judged, HorvitzThompson.Estimate estimate, double bearing, String method, String what) {
        int n = judged.size();
        if (n < LEAST_SAMPLE) {
            return none(
                    n,
                    method,
                    "only " + n + " candidates of the sample were begun early enough to be finished, need "
                            + LEAST_SAMPLE);
        }
        if (bearing < LEAST_POSITIVES) {
            return none(
                    n,
                    method,
                    "only about " + Math.round(bearing) + " judged candidates of the sample " + what + ", need "
                            + LEAST_POSITIVES);
        }
        return estimate(estimate, n, method);
    }

    static Estimate estimate(HorvitzThompson.Estimate estimate, long n, String method) {
        return new Estimate(estimate.value(), estimate.low(), estimate.high(), CONFIDENCE, n, method, null);
    }

    static Estimate none(long n, String method, String reason) {
        return new Estimate(null, null, null, CONFIDENCE, n, method, reason);
    }
}
