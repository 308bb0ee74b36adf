package org.skysieve.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.Evaluation;

/**
 * How good a model version is, and on what that was measured. Class 0 is the positive class.
 *
 * @param basis {@code evaluation} (the frozen sample that no model trains on), {@code cross-validation} (training
 *     labels, each predicted without its object), {@code simulation} (held-out simulated candidates)
 * @param rows labelled candidates that it was judged on
 * @param objects independent sky objects among them
 * @param positives expected candidates of class 0 among them
 * @param completeness of class 0 at probability 0.5
 * @param purity of class 0 at probability 0.5
 * @param byBrightness the AUC in bins of signal-to-noise
 * @param comparison with the champion of the time; null if there was none
 */
public record ModelMetrics(
        String basis,
        int rows,
        int objects,
        double positives,
        Measured auc,
        Measured logLoss,
        Measured brier,
        Measured calibrationError,
        Measured accuracy,
        Measured completeness,
        Measured purity,
        List<Brightness> byBrightness,
        @Nullable Comparison comparison) {
    public ModelMetrics {
        byBrightness = List.copyOf(byBrightness);
    }

    /** @param maxSnr null for "and above" */
    public record Brightness(double minSnr, @Nullable Double maxSnr, int rows, Measured auc, Measured accuracy) {}

    /**
     * @param championVersion the version that it challenged
     * @param logLossGain positive if the challenger is better, nats
     * @param aucGain positive if the challenger is better
     * @param probabilityBetter share of the resamples of objects in which its log loss is lower
     * @param probabilityAucBetter share of the resamples in which its AUC is higher
     */
    public record Comparison(
            int championVersion,
            Measured logLossGain,
            Measured aucGain,
            @Nullable Double probabilityBetter,
            @Nullable Double probabilityAucBetter) {

        static Comparison of(int championVersion, Evaluation.Comparison comparison) {
            return new Comparison(
                    championVersion,
                    Measured.of(comparison.logLossGain()),
                    Measured.of(comparison.aucGain()),
                    Measured.orNull(comparison.probabilityLogLossBetter()),
                    Measured.orNull(comparison.probabilityAucBetter()));
        }
    }

    static ModelMetrics of(
            String basis, Evaluation.Report report, List<Brightness> byBrightness, @Nullable Comparison comparison) {
        return new ModelMetrics(
                basis,
                report.rows(),
                report.groups(),
                report.positives(),
                Measured.of(report.auc()),
                Measured.of(report.logLoss()),
                Measured.of(report.brier()),
                Measured.of(report.calibrationError()),
                Measured.of(report.accuracy()),
                Measured.of(report.completeness()),
                Measured.of(report.purity()),
                byBrightness,
                comparison);
    }
}
