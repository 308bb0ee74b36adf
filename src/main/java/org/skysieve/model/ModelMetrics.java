package org.skysieve.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.LearningCurve;
import org.skysieve.engine.learn.RandomControl;
import org.skysieve.engine.math.ReliabilityDiagram;

/**
 * How good a model version is, and on what that was measured. Class 0 is the positive class.
 *
 * @param basis {@code evaluation} (the frozen sample that no model trains on), {@code cross-validation} (training
 *     labels, each predicted without its object), {@code simulation} (held-out simulated candidates), {@code none}
 * @param rows labelled candidates that it was judged on
 * @param objects independent sky objects among them
 * @param positives expected candidates of class 0 among them
 * @param completeness of class 0 at probability 0.5
 * @param purity of class 0 at probability 0.5
 * @param byBrightness the same in bins of signal-to-noise
 * @param comparison with the champion of the time; null if there was none
 * @param exploration the same comparison on the unbiased exploration sample; null if that was too small
 * @param detail null for versions that were made before it was kept
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
        @Nullable Comparison comparison,
        @Nullable Comparison exploration,
        @Nullable Detail detail) {
    public ModelMetrics {
        byBrightness = List.copyOf(byBrightness);
    }

    /** Of a version that nothing is known of yet. */
    static final ModelMetrics NONE = new ModelMetrics(
            "none",
            0,
            0,
            0,
            Measured.NOT,
            Measured.NOT,
            Measured.NOT,
            Measured.NOT,
            Measured.NOT,
            Measured.NOT,
            Measured.NOT,
            List.of(),
            null,
            null,
            null);

    /**
     * @param name {@code faint}, {@code medium} or {@code bright}; null for versions made before there were names
     * @param maxSnr null for "and above"
     * @param completeness of class 0 at probability 0.5; null as {@code name}
     */
    public record Brightness(
            @Nullable String name,
            double minSnr,
            @Nullable Double maxSnr,
            int rows,
            Measured auc,
            Measured accuracy,
            @Nullable Measured logLoss,
            @Nullable Measured completeness) {}

    /**
     * @param championVersion the version that it challenged
     * @param rows labelled candidates that both were judged on; 0 for comparisons made before it was kept
     * @param logLossGain positive if the challenger is better, nats
     * @param aucGain positive if the challenger is better
     * @param probabilityBetter share of the resamples of objects in which its log loss is lower
     * @param probabilityAucBetter share of the resamples in which its AUC is higher
     */
    public record Comparison(
            int championVersion,
            int rows,
            Measured logLossGain,
            Measured aucGain,
            @Nullable Double probabilityBetter,
            @Nullable Double probabilityAucBetter) {

        static Comparison of(int championVersion, Evaluation.Comparison comparison) {
            return new Comparison(
                    championVersion,
                    comparison.rows(),
                    Measured.of(comparison.logLossGain()),
                    Measured.of(comparison.aucGain()),
                    Measured.orNull(comparison.probabilityLogLossBetter()),
                    Measured.orNull(comparison.probabilityAucBetter()));
        }
    }

    /**
     * One class against all others.
     *
     * @param answer the key
     * @param rows expected candidates of the class
     * @param completeness share of them for which the class leads
     * @param purity share of the class among the candidates for which it leads
     */
    public record OfClass(String answer, double rows, Measured auc, Measured completeness, Measured purity) {}

    /**
     * One bin of the calibration curve: how often what was said with this confidence came true.
     *
     * @param low confidence of the leading class, from here
     * @param rows expected candidates in the bin, above 0
     * @param confidence their mean confidence
     * @param accuracy share of them for which the leading class is the true one
     */
    public record Reliability(double low, double high, double rows, double confidence, double accuracy) {}

    /**
     * One point of the learning curve.
     *
     * @param share of the objects that could be learned from
     * @param labels among them
     */
    public record CurvePoint(double share, int labels, Measured auc, Measured logLoss, Measured accuracy) {}

    /**
     * What random selection would have needed, from the labels of candidates that were first served by a uniform draw.
     *
     * @param labels people's labels that were learned from
     * @param logLoss of a smaller forest that learned from them alone, on the evaluation sample; null if not measured
     * @param controlLabels those of the random control
     * @param controlLogLoss of a forest that learned from those; null if not measured
     * @param needed random labels for the same log loss, with a 95 % interval; an end or the value is null where it cannot be
     *     told
     * @param reason why it cannot be told; empty where it can
     */
    public record Control(
            int labels,
            @Nullable Double logLoss,
            int controlLabels,
            @Nullable Double controlLogLoss,
            Measured needed,
            String reason) {
        static Control of(RandomControl.Report report) {
            return new Control(
                    report.labels(),
                    Measured.orNull(report.logLoss()),
                    report.controlLabels(),
                    Measured.orNull(report.controlLogLoss()),
                    new Measured(
                            Measured.orNull(report.needed()),
                            Measured.orNull(report.low()),
                            Double.isInfinite(report.high()) ? null : Measured.orNull(report.high())),
                    report.reason());
        }
    }

    /**
     * @param byClass in the order of the answers
     * @param confusion expected candidates, a row for each true class, a column for each class taken (the leading one)
     * @param reliability bins of the calibration curve that hold candidates
     * @param learningCurve by smaller forests than the version's own, all judged on the same candidates: the evaluation
     *     sample if it is large enough, else a fifth of the objects that is held out; empty if nothing was learned
     * @param control what random selection would have needed; null if nothing was learned, and for versions from before
     */
    public record Detail(
            List<OfClass> byClass,
            List<List<Double>> confusion,
            List<Reliability> reliability,
            List<CurvePoint> learningCurve,
            @Nullable Control control) {
        public Detail {
            byClass = List.copyOf(byClass);
            confusion = List.copyOf(confusion);
            reliability = List.copyOf(reliability);
            learningCurve = List.copyOf(learningCurve);
        }

        static Detail of(
                List<String> classes,
                Evaluation judge,
                double[] probabilities,
                List<LearningCurve.Point> curve,
                RandomControl.@Nullable Report control,
                long seed) {
            List<Evaluation.ClassReport> reports = judge.byClass(probabilities, seed);
            List<OfClass> byClass = new ArrayList<>();
            for (int k = 0; k < classes.size(); k++) {
                Evaluation.ClassReport report = reports.get(k);
                byClass.add(new OfClass(
                        classes.get(k),
                        report.rows(),
                        Measured.of(report.auc()),
                        Measured.of(report.completeness()),
                        Measured.of(report.purity())));
            }
            double[] table = judge.confusion(probabilities);
            List<List<Double>> confusion = new ArrayList<>();
            for (int k = 0; k < classes.size(); k++) {
                confusion.add(Arrays.stream(table, k * classes.size(), (k + 1) * classes.size())
                        .boxed()
                        .toList());
            }
            return new Detail(
                    byClass,
                    confusion,
                    judge.reliability(probabilities).bins().stream()
                            .filter(bin -> bin.count() > 0)
                            .map(ModelMetrics::reliability)
                            .toList(),
                    curve.stream()
                            .map(point -> new CurvePoint(
                                    point.share(),
                                    point.labels(),
                                    Measured.of(point.report().auc()),
                                    Measured.of(point.report().logLoss()),
                                    Measured.of(point.report().accuracy())))
                            .toList(),
                    control == null ? null : Control.of(control));
        }
    }

    private static Reliability reliability(ReliabilityDiagram.Bin bin) {
        return new Reliability(bin.low(), bin.high(), bin.count(), bin.confidence(), bin.accuracy());
    }

    static ModelMetrics of(
            String basis,
            Evaluation.Report report,
            List<Brightness> byBrightness,
            @Nullable Comparison comparison,
            @Nullable Comparison exploration,
            Detail detail) {
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
                comparison,
                exploration,
                detail);
    }
}
