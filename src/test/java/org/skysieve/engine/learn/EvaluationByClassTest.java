package org.skysieve.engine.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class EvaluationByClassTest {
    /** Truth 0, 0, 1, 1, 2 (each a group); taken 0, 1, 1, 1, 0. */
    private static final double[] TARGETS = {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1};

    private static final double[] SAID = {.8, .1, .1, .3, .6, .1, .1, .7, .2, .2, .5, .3, .5, .2, .3};

    private final Evaluation evaluation =
            new Evaluation(3, TARGETS, new double[] {1, 1, 1, 1, 1}, new int[] {1, 2, 3, 4, 5});

    @Test
    void confusionCountsTruthByClassTaken() {
        assertThat(evaluation.confusion(SAID)).containsExactly(1, 1, 0, 0, 2, 0, 1, 0, 0);
    }

    @Test
    void completenessAndPurityOfEachClass() {
        List<Evaluation.ClassReport> reports = evaluation.byClass(SAID, 1);

        assertThat(reports).extracting(Evaluation.ClassReport::rows).containsExactly(2., 2., 1.);
        assertThat(reports.get(0).completeness().value()).isEqualTo(.5);
        assertThat(reports.get(0).purity().value()).isEqualTo(.5);
        assertThat(reports.get(1).completeness().value()).isEqualTo(1);
        assertThat(reports.get(1).purity().value()).isCloseTo(2 / 3., within(1e-12));
        assertThat(reports.get(1).purity().low()).isLessThan(2 / 3.);
        assertThat(reports.get(2).completeness().value()).isZero();
        assertThat(reports.get(2).purity().value()).isNaN();
        // Of class 1: .7 and .5 against .1, .6 and .2; five of six pairs are in order.
        assertThat(reports.get(1).auc().value()).isCloseTo(5 / 6., within(1e-12));
    }

    @Test
    void theLearningCurveRisesWithTheLabelsAndIsRepeatable() {
        var trainer = new CutoutClassifierTrainer(
                List.of("real", "bogus"),
                CutoutClassifierTrainer.defaultOptions(3).withTrees(30));
        List<TrainingSample> pool = samples(1, 400);
        List<TrainingSample> heldOut = samples(2, 300);

        List<LearningCurve.Point> curve = LearningCurve.of(trainer, pool, List.of(), heldOut, 5);

        assertThat(curve).extracting(LearningCurve.Point::share).containsExactly(.25, .5, .75, 1.);
        assertThat(curve).extracting(LearningCurve.Point::labels).containsExactly(100, 200, 300, 400);
        assertThat(curve).allMatch(point -> point.report().rows() == 300);
        assertThat(curve.get(3).report().logLoss().value())
                .isLessThan(curve.get(0).report().logLoss().value());
        assertThat(LearningCurve.of(trainer, pool, List.of(), heldOut, 5)).isEqualTo(curve);
    }

    @Test
    void withoutAHeldOutSetAFifthOfTheObjectsIsHeldOut() {
        var trainer = new CutoutClassifierTrainer(
                List.of("real", "bogus"),
                CutoutClassifierTrainer.defaultOptions(3).withTrees(10));

        List<LearningCurve.Point> curve = LearningCurve.of(trainer, samples(1, 200), List.of(), List.of(), 5);

        assertThat(curve.get(3).labels() + curve.get(3).report().rows()).isEqualTo(200);
        assertThat(curve.get(3).report().rows()).isBetween(39, 41);
    }

    /** Class 0 where two noisy features sum above 0. */
    private static List<TrainingSample> samples(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[CutoutFeatures.count()];
            for (int f = 0; f < features.length; f++) {
                features[f] = (float) (random.nextDouble() - .5);
            }
            boolean real = features[0] + features[1] + .3 * (random.nextDouble() - .5) > 0;
            samples.add(new TrainingSample(
                    seed * 1_000_000 + i,
                    features,
                    real ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.CROWD));
        }
        return samples;
    }
}
