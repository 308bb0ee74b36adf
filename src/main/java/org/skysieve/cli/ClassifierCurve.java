package org.skysieve.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;

/**
 * How good a classifier becomes with the votes that are spent: after every so many votes a forest learns as a server's
 * does, from the labels of the crowd that had retired by then and the simulated survey beside them, and is judged on
 * candidates that nobody labelled. The quality is the area under the ROC curve.
 */
final class ClassifierCurve {
    /** False positive rate at which completeness is read. */
    static final double FALSE_POSITIVES = 0.05;

    private static final Set<String> RARE = Set.of("nuclear", "orphan");
    private static final double FAINT_SNR = 8;
    private static final int SMOOTHED = 3;

    /**
     * One point of the curve.
     *
     * @param votes spent so far, those on gold standards and the evaluation sample included
     * @param labels that the forests learned from
     * @param auc area under the ROC curve; NaN where there is nothing of both classes to learn from
     * @param rare completeness on nuclear and orphan transients at a false positive rate of .05
     * @param faint completeness on real sources of signal-to-noise below 8, likewise
     */
    record Point(long votes, int labels, double auc, double rare, double faint) {}

    private record Label(double votes, TrainingSample sample) {}

    private final SampleRows rows;
    private final List<TrainingSample> simulated;
    private final List<Label> labels = new ArrayList<>();
    private final List<SimulatedCandidate> unseen;

    /**
     * @param simulated candidates of the simulated survey that stand beside the labels; may be empty
     * @param unseen by whom the forests are judged
     */
    ClassifierCurve(SampleRows rows, List<TrainingSample> simulated, List<SimulatedCandidate> unseen) {
        this.rows = rows;
        this.simulated = simulated;
        this.unseen = unseen;
    }

    /**
     * Adds a label.
     *
     * @param target P(class), real first
     * @param votes that the crowd had given when it retired
     */
    void add(SimulatedCandidate candidate, double[] target, long votes) {
        labels.add(new Label(votes, rows.sample(candidate, target)));
    }

    /** Points after {@code every}, 2 {@code every}, ... votes, up to {@code votes}. */
    List<Point> points(long every, long votes, long seed) {
        labels.sort(Comparator.comparingDouble(Label::votes));
        List<Point> points = new ArrayList<>();
        for (long at = every; at <= votes; at += every) {
            List<TrainingSample> then = new ArrayList<>();
            for (Label label : labels) {
                if (label.votes <= at) {
                    then.add(label.sample);
                }
            }
            points.add(point(at, then, seed));
        }
        return points;
    }

    private Point point(long votes, List<TrainingSample> samples, long seed) {
        long real = samples.stream().filter(sample -> sample.target()[0] >= 0.5).count();
        boolean oneClass = real == 0 || real == samples.size();
        if (samples.isEmpty() || oneClass && simulated.isEmpty()) {
            return new Point(votes, samples.size(), Double.NaN, Double.NaN, Double.NaN);
        }
        Judged judged = judge(LabelsOfCrowd.trainMixed(samples, simulated, seed));
        return new Point(votes, samples.size(), judged.auc, judged.rare, judged.faint);
    }

    private record Judged(double auc, double rare, double faint) {}

    private Judged judge(CutoutClassifier classifier) {
        Map<SimulatedCandidate, Double> scores = new HashMap<>();
        List<Double> real = new ArrayList<>();
        List<Double> bogus = new ArrayList<>();
        for (SimulatedCandidate candidate : unseen) {
            double score = classifier.probabilities(rows.of(candidate))[0];
            scores.put(candidate, score);
            (candidate.real() ? real : bogus).add(score);
        }
        bogus.sort(Comparator.reverseOrder());
        double threshold = bogus.isEmpty() ? 0.5 : bogus.get((int) (FALSE_POSITIVES * bogus.size()));
        return new Judged(
                Simulation.areaUnderRoc(array(real), array(bogus)),
                above(threshold, scores, candidate -> RARE.contains(candidate.subclass())),
                above(threshold, scores, candidate -> candidate.real() && candidate.snr() < FAINT_SNR));
    }

    private interface Choice {
        boolean takes(SimulatedCandidate candidate);
    }

    private static double above(double threshold, Map<SimulatedCandidate, Double> scores, Choice choice) {
        return scores.entrySet().stream()
                .filter(entry -> choice.takes(entry.getKey()))
                .mapToDouble(entry -> entry.getValue() > threshold ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * The votes after which a curve reaches a quality: where its mean over three neighbouring points first does, drawn
     * straight between them. Empty if it never does.
     */
    static OptionalDouble votesTo(double auc, List<Point> points) {
        double before = Double.NaN;
        for (int i = 0; i < points.size(); i++) {
            double smooth = smooth(points, i);
            if (smooth >= auc) {
                long at = points.get(i).votes();
                if (Double.isNaN(before) || i == 0) {
                    return OptionalDouble.of(at);
                }
                double step = at - points.get(i - 1).votes();
                return OptionalDouble.of(at - step * (smooth - auc) / (smooth - before));
            }
            before = smooth;
        }
        return OptionalDouble.empty();
    }

    /** The quality at the end of a curve: the mean of its last three points. */
    static double last(List<Point> points) {
        return points.isEmpty() ? Double.NaN : smooth(points, points.size() - 1);
    }

    /** Mean of a point and the two before it: what is reached, not what a lucky forest touched once. */
    private static double smooth(List<Point> points, int index) {
        return points.subList(Math.max(0, index - SMOOTHED + 1), index + 1).stream()
                .mapToDouble(Point::auc)
                .filter(auc -> !Double.isNaN(auc))
                .average()
                .orElse(Double.NaN);
    }
}
