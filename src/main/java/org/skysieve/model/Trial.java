package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.TrainingSample;

/**
 * A challenger against the champion on labelled candidates that the challenger has not seen: the decision to promote,
 * in one place and without a database.
 */
final class Trial {
    /** Edges of the bins of signal-to-noise that metrics are split by. */
    private static final double[] SNR_EDGES = {0, 8, 15, 40, Double.POSITIVE_INFINITY};

    /** A challenger whose AUC is worse with this probability stays out, even if its log loss is better. */
    private static final double SURELY_WORSE = .9;

    private Trial() {}

    /** @param reason in words, with the numbers */
    record Verdict(boolean promote, String reason) {}

    /**
     * Promotes a challenger that predicts better than the champion, to the asked certainty.
     *
     * @param comparison null if there is no champion
     * @param promoteAt the least P(log loss is lower), in [0.5, 1)
     * @param judgedOn for the reason, such as "84 labels of the evaluation sample"
     */
    static Verdict decide(Evaluation.@Nullable Comparison comparison, double promoteAt, String judgedOn) {
        if (comparison == null) {
            return new Verdict(true, "the first model of this workflow; judged on " + judgedOn);
        }
        String numbers = String.format(
                Locale.ROOT,
                "log loss lower by %.4f (P better %.2f), AUC higher by %.4f (P better %.2f) on %s",
                comparison.logLossGain().value(),
                comparison.probabilityLogLossBetter(),
                comparison.aucGain().value(),
                comparison.probabilityAucBetter(),
                judgedOn);
        // NaN (nothing to measure) is no evidence, and not worse either.
        if (!(comparison.probabilityLogLossBetter() >= promoteAt)) {
            return new Verdict(
                    false, String.format(Locale.ROOT, "not surely better, need P %.2f: ", promoteAt) + numbers);
        }
        if (comparison.probabilityAucBetter() <= 1 - SURELY_WORSE) {
            return new Verdict(false, "ranks worse: " + numbers);
        }
        return new Verdict(true, numbers);
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
                        SNR_EDGES[bin],
                        Double.isInfinite(max) ? null : max,
                        inBin.size(),
                        Measured.of(report.auc()),
                        Measured.of(report.accuracy())));
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
