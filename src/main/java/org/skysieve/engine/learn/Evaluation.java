package org.skysieve.engine.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

import org.skysieve.engine.math.ReliabilityDiagram;

/**
 * Rows whose class is known, to judge models on. Intervals come from a bootstrap over groups (objects), since rows of
 * one object are not independent. Immutable.
 */
public final class Evaluation {
    private static final int REPLICATES = 500;

    private final int classes;
    private final double[] targets;
    private final double[] weights;
    private final int[] groupOfRow;
    private final int groups;

    /**
     * @param targets {@code [row * classes + class]}, each row a distribution; copied
     * @param weights one a row; copied
     * @param groups one a row, any integers; copied
     */
    public Evaluation(int classes, double[] targets, double[] weights, int[] groups) {
        if (classes < 2 || targets.length != (long) weights.length * classes || groups.length != weights.length) {
            throw new IllegalArgumentException("evaluation: got " + targets.length + " targets and " + groups.length
                    + " groups, need rows * classes = " + weights.length + " * " + classes + " and " + weights.length);
        }
        this.classes = classes;
        this.targets = targets.clone();
        this.weights = weights.clone();
        int[] distinct = Arrays.stream(groups).sorted().distinct().toArray();
        this.groups = distinct.length;
        groupOfRow = new int[groups.length];
        Arrays.setAll(groupOfRow, i -> Arrays.binarySearch(distinct, groups[i]));
    }

    /** The rows of a table with their targets, weights and groups. */
    public static Evaluation of(TrainingTable table) {
        double[] targets = new double[table.size() * table.classes()];
        Arrays.setAll(targets, i -> table.target(i / table.classes(), i % table.classes()));
        double[] weights = new double[table.size()];
        Arrays.setAll(weights, table::weight);
        int[] groups = new int[table.size()];
        Arrays.setAll(groups, table::group);
        return new Evaluation(table.classes(), targets, weights, groups);
    }

    /**
     * How good one model is. Class 0 is the positive class of {@code auc}, {@code completeness} and {@code purity}.
     *
     * @param groups independent objects among the rows
     * @param positives expected rows of class 0
     * @param completeness of class 0 at probability 0.5
     * @param purity of class 0 at probability 0.5
     */
    public record Report(
            int rows,
            int groups,
            double positives,
            Interval auc,
            Interval logLoss,
            Interval brier,
            Interval calibrationError,
            Interval accuracy,
            Interval completeness,
            Interval purity) {}

    /**
     * How a challenger compares with the champion on the same rows; gains are positive where the challenger is better.
     *
     * @param logLossGain champion's log loss less the challenger's, nats
     * @param aucGain challenger's AUC of class 0 less the champion's
     * @param probabilityLogLossBetter share of the resamples in which the challenger's log loss is lower
     * @param probabilityAucBetter share of the resamples in which its AUC is higher; a tie counts one half
     */
    public record Comparison(
            int rows,
            int groups,
            Interval logLossGain,
            Interval aucGain,
            double probabilityLogLossBetter,
            double probabilityAucBetter) {}

    public int size() {
        return weights.length;
    }

    public int groups() {
        return groups;
    }

    /** @param probabilities {@code [row * classes + class]} */
    public Report report(double[] probabilities, long seed) {
        check(probabilities);
        double[][] resamples = resamples(seed);
        double[] scores = Metrics.column(probabilities, classes, 0);
        double[] positive = Metrics.column(targets, classes, 0);
        int[] order = order(scores);
        return new Report(
                size(),
                groups,
                Arrays.stream(positive).sum(),
                interval(resamples, w -> Metrics.auc(order, scores, positive, w)),
                interval(resamples, w -> Metrics.logLoss(probabilities, targets, classes, w)),
                interval(resamples, w -> Metrics.brier(probabilities, targets, classes, w)),
                interval(resamples, w -> Metrics.calibrationError(probabilities, targets, classes, w)),
                interval(resamples, w -> Metrics.accuracy(probabilities, targets, classes, w)),
                interval(resamples, w -> Metrics.completeness(probabilities, targets, classes, w, 0, .5)),
                interval(resamples, w -> Metrics.purity(probabilities, targets, classes, w, 0, .5)));
    }

    /**
     * How good a model is for one class, of which a row is taken if it leads.
     *
     * @param rows expected rows of the class
     * @param auc of the class against all others
     * @param completeness share of its rows that are taken for it
     * @param purity share of the rows taken for it that are of it
     */
    public record ClassReport(double rows, Interval auc, Interval completeness, Interval purity) {}

    /** By class, in their order. */
    public List<ClassReport> byClass(double[] probabilities, long seed) {
        check(probabilities);
        double[][] resamples = resamples(seed);
        double[][] tables = new double[resamples.length][];
        Arrays.setAll(tables, b -> confusion(probabilities, resamples[b]));
        double[] table = confusion(probabilities);
        List<ClassReport> reports = new ArrayList<>(classes);
        for (int k = 0; k < classes; k++) {
            int klass = k;
            double[] scores = Metrics.column(probabilities, classes, k);
            double[] positive = Metrics.column(targets, classes, k);
            int[] order = order(scores);
            reports.add(new ClassReport(
                    Arrays.stream(positive).sum(),
                    interval(resamples, w -> Metrics.auc(order, scores, positive, w)),
                    interval(table, tables, t -> share(t, klass, true)),
                    interval(table, tables, t -> share(t, klass, false))));
        }
        return reports;
    }

    /** Expected rows by true class and by the class taken (the leading one), {@code [truth * classes + taken]}. */
    public double[] confusion(double[] probabilities) {
        check(probabilities);
        return confusion(probabilities, weights);
    }

    /** How often what was said with a confidence came true, in {@link ReliabilityDiagram#BINS} bins. */
    public ReliabilityDiagram reliability(double[] probabilities) {
        check(probabilities);
        return ReliabilityDiagram.of(probabilities, targets, classes, weights, ReliabilityDiagram.BINS);
    }

    private double[] confusion(double[] probabilities, double[] rowWeights) {
        double[] table = new double[classes * classes];
        for (int i = 0; i < rowWeights.length; i++) {
            int taken = Metrics.leading(probabilities, classes, i);
            for (int k = 0; k < classes; k++) {
                table[k * classes + taken] += rowWeights[i] * targets[i * classes + k];
            }
        }
        return table;
    }

    /** The diagonal over the sum of its row (completeness) or of its column (purity); NaN if that is empty. */
    private double share(double[] table, int klass, boolean ofRow) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += table[ofRow ? klass * classes + k : k * classes + klass];
        }
        return sum > 0 ? table[klass * classes + klass] / sum : Double.NaN;
    }

    private static Interval interval(double[] whole, double[][] resampled, ToDoubleFunction<double[]> measure) {
        double[] replicates = new double[resampled.length];
        Arrays.setAll(replicates, b -> measure.applyAsDouble(resampled[b]));
        return Interval.ofReplicates(measure.applyAsDouble(whole), replicates);
    }

    /** Compares two models by a paired bootstrap: both are judged on each resample of the objects. */
    public Comparison compare(double[] champion, double[] challenger, long seed) {
        check(champion);
        check(challenger);
        double[][] resamples = resamples(seed);
        double[] positive = Metrics.column(targets, classes, 0);
        double[] championScores = Metrics.column(champion, classes, 0);
        double[] challengerScores = Metrics.column(challenger, classes, 0);
        int[] championOrder = order(championScores);
        int[] challengerOrder = order(challengerScores);
        ToDoubleFunction<double[]> lossGain =
                w -> Metrics.logLoss(champion, targets, classes, w) - Metrics.logLoss(challenger, targets, classes, w);
        ToDoubleFunction<double[]> aucGain = w -> Metrics.auc(challengerOrder, challengerScores, positive, w)
                - Metrics.auc(championOrder, championScores, positive, w);
        return new Comparison(
                size(),
                groups,
                interval(resamples, lossGain),
                interval(resamples, aucGain),
                shareAboveZero(resamples, lossGain),
                shareAboveZero(resamples, aucGain));
    }

    private static double shareAboveZero(double[][] resamples, ToDoubleFunction<double[]> gain) {
        double better = 0;
        int measured = 0;
        for (double[] weights : resamples) {
            double value = gain.applyAsDouble(weights);
            if (!Double.isNaN(value)) {
                better += value > 0 ? 1 : value == 0 ? .5 : 0;
                measured++;
            }
        }
        return measured == 0 ? Double.NaN : better / measured;
    }

    private Interval interval(double[][] resamples, ToDoubleFunction<double[]> measure) {
        double[] replicates = new double[resamples.length];
        Arrays.setAll(replicates, b -> measure.applyAsDouble(resamples[b]));
        return Interval.ofReplicates(measure.applyAsDouble(weights), replicates);
    }

    /** Row weights of each resample of the groups, {@code [resample][row]}. */
    private double[][] resamples(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // Large sets need fewer replicates for the same interval, and memory is replicates times rows.
        int replicates = (int) Math.max(100, Math.min(REPLICATES, 10_000_000L / Math.max(1, size())));
        double[][] resamples = new double[replicates][size()];
        int[] draws = new int[groups];
        for (double[] resample : resamples) {
            Arrays.fill(draws, 0);
            for (int g = 0; g < groups; g++) {
                draws[random.nextInt(groups)]++;
            }
            for (int i = 0; i < resample.length; i++) {
                resample[i] = weights[i] * draws[groupOfRow[i]];
            }
        }
        return resamples;
    }

    private static int[] order(double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    private void check(double[] probabilities) {
        if (probabilities.length != targets.length) {
            throw new IllegalArgumentException("evaluation: got " + probabilities.length
                    + " probabilities, need rows * classes = " + targets.length);
        }
    }
}
