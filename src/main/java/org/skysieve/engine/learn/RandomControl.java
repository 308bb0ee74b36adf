package org.skysieve.engine.learn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What random selection would have needed. Labels of candidates that were first served by a uniform draw are a random
 * control of the others. Forests that learn from parts of the control give a learning curve, whose log loss falls as a power
 * law of the number of labels, {@code L = exp(a) n^-b} (Cortes et al. 1994; Figueroa et al. 2012); where it meets the log loss of a forest
 * that learned from all labels, random selection would have been as good. All are judged on the same rows, which none learns
 * from.
 *
 * <p>The interval is that of inverse prediction: straight line in the logarithms, errors of curve and target alike
 * (delta method, Student's t).
 */
public final class RandomControl {
    /** Fewer labels of the control make no curve. */
    public static final int FEWEST = 80;

    /** Beyond so many times the control's labels a curve says nothing. */
    static final double FARTHEST = 10;

    private static final int CURVES = 2;

    /** The 97.5 % quantiles of Student's t with 1, 2, ... degrees of freedom. */
    private static final double[] T = {12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};

    private RandomControl() {}

    /**
     * @param labels that were learned from
     * @param logLoss of the forest that learned from them, nats
     * @param controlLabels of the random control
     * @param controlLogLoss of the forest that learned from those
     * @param needed labels that random selection would have needed for {@code logLoss}; NaN where that cannot be told
     * @param low of its 95 % interval; NaN where nothing can be told
     * @param high infinite where there is no upper end; NaN where nothing can be told
     * @param reason why it cannot be told; empty where it can
     */
    public record Report(
            int labels,
            double logLoss,
            int controlLabels,
            double controlLogLoss,
            double needed,
            double low,
            double high,
            String reason) {
        static Report none(int labels, int controlLabels, String reason) {
            return new Report(
                    labels, Double.NaN, controlLabels, Double.NaN, Double.NaN, Double.NaN, Double.NaN, reason);
        }
    }

    /**
     * Trains some ten forests.
     *
     * @param labelled all labels, those of the control among them
     * @param control those of candidates that were first served by a uniform draw
     * @param heldOut rows to judge on, none of which is learned from
     */
    public static Report of(
            CutoutClassifierTrainer trainer,
            List<TrainingSample> labelled,
            List<TrainingSample> control,
            List<TrainingSample> heldOut,
            long seed) {
        if (heldOut.isEmpty()) {
            return Report.none(labelled.size(), control.size(), "too few labels of the evaluation sample to judge on");
        }
        if (control.size() < FEWEST) {
            return Report.none(
                    labelled.size(),
                    control.size(),
                    "only " + control.size() + " labels came by uniform draws, need " + FEWEST);
        }
        Evaluation judge = trainer.evaluation(heldOut);
        CutoutClassifierTrainer honest = trainer.without(heldOut);
        CutoutClassifier full = honest.trainMixed(labelled, List.of(), "all labels", "", Instant.EPOCH)
                .model();
        double target = judge.report(LearningCurve.predict(full, heldOut), seed)
                .logLoss()
                .value();
        List<double[]> points = new ArrayList<>();
        double last = Double.NaN;
        for (int curve = 0; curve < CURVES; curve++) {
            for (LearningCurve.Point point : LearningCurve.of(honest, control, List.of(), heldOut, seed + 1 + curve)) {
                points.add(
                        new double[] {point.labels(), point.report().logLoss().value()});
                last = point.report().logLoss().value();
            }
        }
        return meet(points, target, labelled.size(), control.size(), last);
    }

    /** @param points labels and log loss, both positive */
    static Report meet(List<double[]> points, double target, int labels, int controlLabels, double controlLogLoss) {
        int n = points.size();
        if (n < 4 || !(target > 0)) {
            return Report.none(labels, controlLabels, "the control's labels make no learning curve yet");
        }
        double meanX = 0;
        double meanY = 0;
        for (double[] point : points) {
            meanX += Math.log(point[0]) / n;
            meanY += Math.log(point[1]) / n;
        }
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (double[] point : points) {
            double x = Math.log(point[0]) - meanX;
            double y = Math.log(point[1]) - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        double slope = xy / xx;
        double variance = Math.max(1e-12, (yy - slope * xy) / (n - 2));
        double t = T[Math.min(n - 2, T.length) - 1];
        if (!(slope + t * Math.sqrt(variance / xx) < 0)) {
            return new Report(
                    labels,
                    target,
                    controlLabels,
                    controlLogLoss,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    "the control's learning curve does not surely fall yet");
        }
        double distance = (Math.log(target) - meanY) / slope;
        double error = t * Math.sqrt(variance * (1 + 1.0 / n + distance * distance / xx)) / -slope;
        double needed = Math.exp(meanX + distance);
        double low = Math.exp(meanX + distance - error);
        double high = Math.exp(meanX + distance + error);
        double farthest = FARTHEST * controlLabels;
        if (needed > farthest) {
            return new Report(
                    labels,
                    target,
                    controlLabels,
                    controlLogLoss,
                    Double.NaN,
                    Math.min(low, farthest),
                    Double.POSITIVE_INFINITY,
                    "the control's learning curve would have to be followed beyond " + Math.round(FARTHEST)
                            + " times its labels");
        }
        return new Report(
                labels,
                target,
                controlLabels,
                controlLogLoss,
                needed,
                low,
                high > farthest ? Double.POSITIVE_INFINITY : high,
                "");
    }
}
