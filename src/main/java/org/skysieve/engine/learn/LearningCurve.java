package org.skysieve.engine.learn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How good a model is by the number of labels it learned from: what further labels would be worth. Every point is judged on
 * the same rows, and the labels of a point are among those of the next.
 */
public final class LearningCurve {
    private static final double[] SHARES = {.25, .5, .75, 1};
    private static final int FOLDS = 5;

    private LearningCurve() {}

    /**
     * @param share of the objects that can be learned from
     * @param labels people's labels among them
     */
    public record Point(double share, int labels, Evaluation.Report report) {}

    /**
     * Trains once for each of a quarter, a half, three quarters and all of the objects.
     *
     * @param simulated join every training; may be empty
     * @param heldOut rows to judge on; if empty, a fifth of the objects of {@code labelled} is held out
     * @return without the points that have no label of some class; empty if there is nothing to judge on
     */
    public static List<Point> of(
            CutoutClassifierTrainer trainer,
            List<TrainingSample> labelled,
            List<TrainingSample> simulated,
            List<TrainingSample> heldOut,
            long seed) {
        List<TrainingSample> pool = new ArrayList<>(labelled);
        List<TrainingSample> judged = new ArrayList<>(heldOut);
        if (heldOut.isEmpty()) {
            pool.clear();
            int[] fold = CutoutClassifierTrainer.folds(labelled, FOLDS, new SplittableRandom(seed));
            for (int i = 0; i < fold.length; i++) {
                (fold[i] == 0 ? judged : pool).add(labelled.get(i));
            }
        }
        if (judged.isEmpty() || pool.isEmpty()) {
            return List.of();
        }
        List<List<TrainingSample>> objects = objects(pool, seed);
        Evaluation judge = trainer.evaluation(judged);
        CutoutClassifierTrainer honest = trainer.without(judged);
        List<Point> points = new ArrayList<>();
        for (double share : SHARES) {
            List<TrainingSample> part = new ArrayList<>();
            objects.subList(0, (int) Math.ceil(share * objects.size())).forEach(part::addAll);
            if (!hasAllClasses(part)) {
                continue;
            }
            CutoutClassifier model = honest.trainMixed(part, simulated, "learning curve", "", Instant.EPOCH)
                    .model();
            points.add(new Point(share, part.size(), judge.report(predict(model, judged), seed)));
        }
        return points;
    }

    /** {@code [row * classes + class]}. */
    static double[] predict(CutoutClassifier model, List<TrainingSample> rows) {
        int classes = model.classes().size();
        double[] predicted = new double[rows.size() * classes];
        for (int i = 0; i < rows.size(); i++) {
            double[] p = model.probabilities(rows.get(i).features());
            System.arraycopy(p, 0, predicted, i * classes, classes);
        }
        return predicted;
    }

    /** In random order, the same for the same seed. */
    private static List<List<TrainingSample>> objects(List<TrainingSample> samples, long seed) {
        Map<Long, List<TrainingSample>> byObject = new TreeMap<>();
        for (TrainingSample sample : samples) {
            byObject.computeIfAbsent(sample.group(), g -> new ArrayList<>()).add(sample);
        }
        List<List<TrainingSample>> objects = new ArrayList<>(byObject.values());
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = objects.size() - 1; i > 0; i--) {
            Collections.swap(objects, i, random.nextInt(i + 1));
        }
        return objects;
    }

    private static boolean hasAllClasses(List<TrainingSample> samples) {
        if (samples.isEmpty()) {
            return false;
        }
        double[] sums = new double[samples.get(0).target().length];
        for (TrainingSample sample : samples) {
            Arrays.setAll(sums, k -> sums[k] + sample.target()[k]);
        }
        return Arrays.stream(sums).allMatch(sum -> sum >= 1);
    }
}
