package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.TrainingSample;

/**
 * A challenger against the champion on labelled candidates that the challenger has not seen: the decision to promote,
 * in one place and without a database.
 */
final class Trial {
    /** Edges of the bins of signal-to-noise that metrics are split by, and the bins' names. */
    private static final double[] SNR_EDGES = {0, 8, 20, Double.POSITIVE_INFINITY};

    private static final List<String> SNR_NAMES = List.of("faint", "medium", "bright");

    /** A challenger whose AUC is worse with this probability stays out, even if its log loss is better. */
    private static final double SURELY_WORSE = .9;

    private Trial() {}

    /** @param reason in words, with the numbers */
    record Verdict(boolean promote, String reason) {}

    /**
     * Promotes a challenger that predicts better than the champion, to the asked certainty: on the labels it is judged on
     * and, where that is large enough, on the unbiased exploration sample alone.
     *
     * @param comparison null if there is no champion
     * @param exploration the same on the exploration sample; null if that is too small
     * @param promoteAt the least P(log loss is lower), in [0.5, 1)
     * @param judgedOn for the reason, such as "84 labels of the evaluation sample"
     * @param explored for the reason, such as "41 labels of the exploration sample"
     */
    static Verdict decide(
            Evaluation.@Nullable Comparison comparison,
            Evaluation.@Nullable Comparison exploration,
            double promoteAt,
            String judgedOn,
            String explored) {
        if (comparison == null) {
            return new Verdict(true, "the first model of this workflow; judged on " + judgedOn);
        }
        String numbers = numbers(comparison, judgedOn);
        Optional<String> objection = objection(comparison, promoteAt);
        if (objection.isPresent()) {
            return new Verdict(false, objection.get() + ": " + numbers);
        }
        if (exploration == null) {
            return new Verdict(true, numbers + "; not asked of " + explored);
        }
        String there = numbers(exploration, explored);
        return objection(exploration, promoteAt)
                .map(words -> new Verdict(false, words + " where nothing was chosen: " + there + "; yet " + numbers))
                .orElse(new Verdict(true, numbers + "; " + there));
    }

    private static Optional<String> objection(Evaluation.Comparison comparison, double promoteAt) {
        // NaN (nothing to measure) is no evidence, and not worse either.
        if (!(comparison.probabilityLogLossBetter() >= promoteAt)) {
            return Optional.of(String.format(Locale.ROOT, "not surely better, need P %.2f", promoteAt));
        }
        return comparison.probabilityAucBetter() <= 1 - SURELY_WORSE ? Optional.of("ranks worse") : Optional.empty();
    }

    private static String numbers(Evaluation.Comparison comparison, String judgedOn) {
        return String.format(
                Locale.ROOT,
                "log loss lower by %.4f (P better %.2f), AUC higher by %.4f (P better %.2f) on %s",
                comparison.logLossGain().value(),
                comparison.probabilityLogLossBetter(),
                comparison.aucGain().value(),
                comparison.probabilityAucBetter(),
                judgedOn);
    }

    /** Splits the judged samples by brightness; bins without candidates are left out, NaN belongs to none. */
    static List<ModelMetrics.Brightness> byBrightness(
            CutoutClassifierTrainer trainer, List<TrainingSample> judged, List<Double> snr, double[] probabilities) {
        List<ModelMetrics.Brightness> bins = new ArrayList<>();
        for (int bin = 0; bin + 1 < SNR_EDGES.length; bin++) {
            List<TrainingSample> inBin = new ArrayList<>();
            List<double[]> rows = new ArrayList<>();
            for (int i = 0; i < judged.size(); i++) {
                if (snr.get(i) >= SNR_EDGES[bin] && snr.get(i) < SNR_EDGES[bin + 1]) {
                    int classes = judged.get(i).target().length;
                    double[] row = new double[classes];
                    System.arraycopy(probabilities, i * classes, row, 0, classes);
                    inBin.add(judged.get(i));
                    rows.add(row);
                }
            }
            if (!inBin.isEmpty()) {
                Evaluation.Report report = trainer.evaluation(inBin).report(flat(rows), bin);
                double max = SNR_EDGES[bin + 1];
                bins.add(new ModelMetrics.Brightness(
                        SNR_NAMES.get(bin),
                        SNR_EDGES[bin],
                        Double.isInfinite(max) ? null : max,
                        inBin.size(),
                        Measured.of(report.auc()),
                        Measured.of(report.accuracy()),
                        Measured.of(report.logLoss()),
                        Measured.of(report.completeness())));
            }
        }
        return bins;
    }

    static double[] flat(List<double[]> rows) {
        int width = rows.isEmpty() ? 0 : rows.get(0).length;
        double[] flat = new double[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, flat, i * width, width);
        }
        return flat;
    }
}
