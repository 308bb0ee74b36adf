package org.skysieve.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.CutoutNetTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.HistogramForest;
import org.skysieve.engine.learn.LearningCurve;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.RandomControl;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.TrainingSet.Samples;

/**
 * Makes a challenger by a recipe and judges it against the champion. Without a database: the same recipe, labels, images and
 * champion give the same model and the same numbers.
 */
final class Challenge {
    private static final int FOLDS = 5;

    /** The learning curve is drawn by forests of at most so many trees. */
    private static final int CURVE_TREES = 60;

    private final ModelRecipe recipe;
    private final List<String> classes;
    private final Samples labelled;
    private final Samples evaluation;
    private final Set<Long> explored;
    private final Set<Long> control;
    private final List<TrainingSample> ruled;
    private final CutoutClassifierTrainer trainer;
    private final HistogramForest.Options options;
    private final BiFunction<CutoutModel, Samples, double[]> ask;

    /**
     * @param labelled to learn from
     * @param evaluation never learned from
     * @param ruled samples that rules labelled, which stand beside {@code labelled} with their own weights
     * @param explored candidates of {@code evaluation} that are an unbiased sample
     * @param control candidates of {@code labelled} that were first served by a uniform draw from the queue
     * @param ask gives a model's probabilities, {@code [sample * classes + class]}
     */
    Challenge(
            ModelRecipe recipe,
            List<String> classes,
            Samples labelled,
            List<TrainingSample> ruled,
            Samples evaluation,
            List<Long> explored,
            Set<Long> control,
            int threads,
            BiFunction<CutoutModel, Samples, double[]> ask) {
        this.recipe = recipe;
        this.classes = classes;
        this.labelled = labelled;
        this.evaluation = evaluation;
        this.explored = new HashSet<>(explored);
        this.control = Set.copyOf(control);
        this.ask = ask;
        this.options = CutoutClassifierTrainer.defaultOptions(recipe.seed())
                // Nets have none; forests judge them all the same.
                .withTrees(Math.max(1, recipe.trees()))
                .withThreads(threads);
        this.ruled = List.copyOf(ruled);
        this.trainer = new CutoutClassifierTrainer(classes, options).beside(this.ruled);
    }

    record Outcome(CutoutModel challenger, Judgement judgement) {}

    /** @param positive what the challenger says of class 0, one for each candidate it was judged on */
    record Judgement(ModelMetrics metrics, Trial.Verdict verdict, double[] positive) {}

    /** @param simulated stand beside the labels, as much as the labels bear out; may be empty */
    Outcome make(List<TrainingSample> simulated, String description, @Nullable Champion champion) {
        CutoutClassifierTrainer.Mixed mixed = trainer.trainMixed(
                labelled.samples(), simulated, description, recipe.codeVersion(), recipe.trainedAt());
        CutoutClassifier challenger = mixed.model();
        boolean enough = enoughEvaluation();
        double[] outOfFold = {};
        if (!enough) {
            // The champion may have learned from these labels, the challenger's folds have not: it errs to caution.
            List<TrainingSample> samples = new ArrayList<>(labelled.samples());
            simulated.forEach(sample -> samples.add(sample.withWeight(mixed.simulatedWeight())));
            outOfFold = trainer.crossValidate(samples, FOLDS);
        }
        CutoutClassifierTrainer small = new CutoutClassifierTrainer(
                        classes, options.withTrees(Math.min(CURVE_TREES, recipe.trees())))
                .beside(ruled);
        List<LearningCurve.Point> curve = LearningCurve.of(
                small, labelled.samples(), simulated, enough ? evaluation.samples() : List.of(), recipe.seed());
        RandomControl.Report random = RandomControl.of(
                small, labelled.samples(), controlled(), enough ? evaluation.samples() : List.of(), recipe.seed());
        Judgement judgement = judge(challenger, outOfFold, curve, random, champion);
        return new Outcome(challenger, judgement);
    }

    private List<TrainingSample> controlled() {
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < labelled.size(); i++) {
            if (control.contains(labelled.candidateIds().get(i))) {
                samples.add(labelled.samples().get(i));
            }
        }
        return samples;
    }

    /** What makes a net of samples, the first of which are people's labels, and predicts each of those without its object. */
    interface NetMaker {
        CutoutNetTrainer.Trained make(List<NetSample> samples, int folds);
    }

    /**
     * As {@link #make}, a net; its card has no learning curve, which would cost as much again.
     *
     * @param labelled the samples of this challenge with their images, in their order
     * @param ruled the same for those that rules labelled
     */
    Outcome makeNet(List<NetSample> labelled, List<NetSample> ruled, NetMaker maker, @Nullable Champion champion) {
        List<NetSample> samples = new ArrayList<>(labelled);
        samples.addAll(ruled);
        CutoutNetTrainer.Trained trained = maker.make(samples, FOLDS);
        double[] outOfFold =
                enoughEvaluation() ? new double[0] : trained.predicted().probabilities();
        return new Outcome(trained.net(), judge(trained.net(), outOfFold, List.of(), null, champion));
    }

    /** Judges a version that is there already: on the evaluation sample alone, since it may have learned from all else. */
    Judgement judge(CutoutModel version, @Nullable Champion champion) {
        if (!enoughEvaluation()) {
            return new Judgement(
                    ModelMetrics.NONE,
                    new Trial.Verdict(
                            false,
                            "too few labels of the evaluation sample to judge it: got " + evaluation.size()
                                    + " (by class " + rounded(evaluation.byClass(classes.size())) + "), need "
                                    + recipe.enoughEvaluation() + " and a tenth of that of each class"),
                    new double[0]);
        }
        return judge(version, new double[0], List.of(), null, champion);
    }

    private boolean enoughEvaluation() {
        return enough(evaluation.byClass(classes.size()), evaluation.size(), recipe.enoughEvaluation());
    }

    private static boolean enough(double[] byClass, int size, int needed) {
        return size >= needed && Arrays.stream(byClass).min().orElse(0) >= .1 * needed;
    }

    private Judgement judge(
            CutoutModel challenger,
            double[] outOfFold,
            List<LearningCurve.Point> curve,
            RandomControl.@Nullable Report random,
            @Nullable Champion champion) {
        boolean alone = outOfFold.length == 0;
        List<TrainingSample> judged = new ArrayList<>(evaluation.samples());
        List<Double> snr = new ArrayList<>(evaluation.snr());
        double[] predicted = ask.apply(challenger, evaluation);
        String judgedOn = judged.size() + " labels of the evaluation sample";
        if (!alone) {
            int own = predicted.length;
            predicted = Arrays.copyOf(predicted, own + outOfFold.length);
            System.arraycopy(outOfFold, 0, predicted, own, outOfFold.length);
            // A policy says what teaches, not what judges.
            labelled.samples().forEach(sample -> judged.add(sample.withWeight(1)));
            snr.addAll(labelled.snr());
            judgedOn += " and " + labelled.size() + " training labels, each predicted without its object";
        }
        Evaluation judge = trainer.evaluation(judged);
        Evaluation.@Nullable Comparison comparison = null;
        Evaluation.@Nullable Comparison unbiased = null;
        Samples sample = exploration();
        if (champion != null) {
            CutoutModel present = champion.classifier();
            double[] before = ask.apply(present, alone ? evaluation : evaluation.and(labelled));
            comparison = judge.compare(before, predicted, recipe.seed());
            if (enough(sample.byClass(classes.size()), sample.size(), recipe.enoughExploration())) {
                unbiased = trainer.evaluation(sample.samples())
                        .compare(ask.apply(present, sample), ask.apply(challenger, sample), recipe.seed());
            }
        }
        String explorationSample = sample.size() + " labels of the exploration sample"
                + (unbiased == null ? " (too few, need " + recipe.enoughExploration() + ")" : "");
        Trial.Verdict verdict = Trial.decide(comparison, unbiased, recipe.promoteAt(), judgedOn, explorationSample);
        int challenged = champion == null ? 0 : champion.version();
        ModelMetrics metrics = ModelMetrics.of(
                alone ? "evaluation" : "cross-validation",
                judge.report(predicted, recipe.seed()),
                Trial.byBrightness(trainer, judged, snr, predicted),
                Optional.ofNullable(comparison)
                        .map(on -> ModelMetrics.Comparison.of(challenged, on))
                        .orElse(null),
                Optional.ofNullable(unbiased)
                        .map(on -> ModelMetrics.Comparison.of(challenged, on))
                        .orElse(null),
                ModelMetrics.Detail.of(classes, judge, predicted, curve, random, recipe.seed()));
        double[] all = predicted;
        double[] positive = new double[judged.size()];
        Arrays.setAll(positive, i -> all[i * classes.size()]);
        return new Judgement(metrics, verdict, positive);
    }

    private Samples exploration() {
        List<Long> ids = new ArrayList<>();
        List<TrainingSample> samples = new ArrayList<>();
        List<Double> snr = new ArrayList<>();
        for (int i = 0; i < evaluation.size(); i++) {
            if (explored.contains(evaluation.candidateIds().get(i))) {
                ids.add(evaluation.candidateIds().get(i));
                samples.add(evaluation.samples().get(i));
                snr.add(evaluation.snr().get(i));
            }
        }
        return new Samples(ids, samples, snr);
    }

    static String rounded(double[] counts) {
        return Arrays.toString(Arrays.stream(counts).mapToLong(Math::round).toArray());
    }
}
