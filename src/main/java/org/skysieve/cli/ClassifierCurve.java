package org.skysieve.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;

/**
 * How good a classifier becomes with the votes that are spent: after every so many votes forests learn as a server's
 * does, from the labels of the crowd that had retired by then and the simulated survey beside them, and are judged on
 * candidates that nobody labelled. The quality is the area under the ROC curve, the mean over some forests of different
 * seeds: one forest's moves by as much as a thousand votes do.
 */
final class ClassifierCurve {
    /** False positive rate at which completeness is read. */
    static final double FALSE_POSITIVES = 0.05;

    private static final Set<String> RARE = Set.of("nuclear", "orphan");
    private static final double FAINT_SNR = 8;
    private static final int SMOOTHED = 3;
    private static final int FORESTS = 3;

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

    private record Judge(float[] row, boolean real, boolean rare, boolean faint) {}

    private final SampleRows rows;
    private final List<TrainingSample> simulated;
    private final List<Label> labels = new ArrayList<>();
    private final List<Judge> judges = new ArrayList<>();

    /**
     * @param simulated candidates of the simulated survey that stand beside the labels; may be empty
     * @param unseen on whom the forests are judged, by number: their images are not kept
     */
    ClassifierCurve(
            SampleRows rows, List<TrainingSample> simulated, IntFunction<SimulatedCandidate> unseen, int count) {
        this.rows = rows;
        this.simulated = simulated;
        for (int i = 0; i < count; i++) {
            SimulatedCandidate candidate = unseen.apply(i);
            judges.add(new Judge(
                    rows.of(candidate),
                    candidate.real(),
                    RARE.contains(candidate.subclass()),
                    candidate.real() && candidate.snr() < FAINT_SNR));
        }
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
        List<Judged> judged = IntStream.range(0, FORESTS)
                .parallel()
                .mapToObj(forest -> judge(LabelsOfCrowd.trainMixed(samples, simulated, FORESTS * seed + forest)))
                .toList();
        return new Point(
                votes,
                samples.size(),
                mean(judged, Judged::auc),
                mean(judged, Judged::rare),
                mean(judged, Judged::faint));
    }

    private record Judged(double auc, double rare, double faint) {}

    private static double mean(List<Judged> judged, ToDoubleFunction<Judged> value) {
        return judged.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private Judged judge(CutoutClassifier classifier) {
        double[] scores = judges.stream()
                .mapToDouble(judge -> classifier.probabilities(judge.row)[0])
                .toArray();
        double[] real = of(scores, Judge::real);
        double[] bogus = of(scores, judge -> !judge.real);
        Arrays.sort(bogus);
        double threshold = bogus.length == 0 ? 0.5 : bogus[bogus.length - 1 - (int) (FALSE_POSITIVES * bogus.length)];
        return new Judged(
                Simulation.areaUnderRoc(real, bogus),
                above(threshold, of(scores, Judge::rare)),
                above(threshold, of(scores, Judge::faint)));
    }

    private double[] of(double[] scores, Predicate<Judge> choice) {
        return IntStream.range(0, scores.length)
                .filter(i -> choice.test(judges.get(i)))
                .mapToDouble(i -> scores[i])
                .toArray();
    }

    private static double above(double threshold, double[] scores) {
        return Arrays.stream(scores)
                .map(score -> score > threshold ? 1 : 0)
                .average()
                .orElse(Double.NaN);
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
