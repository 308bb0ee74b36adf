package org.skysieve.model;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.Interval;
import org.skysieve.engine.learn.TrainingSample;

import static org.assertj.core.api.Assertions.assertThat;

class TrialTest {
    @Test
    void theFirstModelIsPromoted() {
        Trial.Verdict verdict = Trial.decide(null, .9, "30 labels");

        assertThat(verdict.promote()).isTrue();
        assertThat(verdict.reason()).contains("first model").contains("30 labels");
    }

    @Test
    void onlyASurelyBetterChallengerTakesOver() {
        assertThat(Trial.decide(comparison(.91, .6), .9, "").promote()).isTrue();
        assertThat(Trial.decide(comparison(.89, .99), .9, "").promote()).isFalse();
        assertThat(Trial.decide(comparison(.89, .99), .9, "84 labels").reason())
                .startsWith("not surely better, need P 0.90")
                .contains("(P better 0.89)")
                .endsWith("84 labels");
    }

    @Test
    void aChallengerThatRanksWorseStaysOut() {
        assertThat(Trial.decide(comparison(.95, .05), .9, "").reason()).startsWith("ranks worse");
        assertThat(Trial.decide(comparison(.95, .05), .9, "").promote()).isFalse();
    }

    @Test
    void whatCannotBeMeasuredIsNoEvidence() {
        assertThat(Trial.decide(comparison(Double.NaN, Double.NaN), .9, "").promote())
                .isFalse();
        // One class only: the AUC says nothing, the log loss does.
        assertThat(Trial.decide(comparison(.95, Double.NaN), .9, "").promote()).isTrue();
    }

    @Test
    void brightnessBinsHoldEachCandidateOnce() {
        var trainer = new CutoutClassifierTrainer(List.of("real", "bogus"), CutoutClassifierTrainer.defaultOptions(1));
        List<TrainingSample> judged = List.of(sample(1, 1), sample(2, 0), sample(3, 1), sample(4, 0));
        double[] p = {.9, .1, .2, .8, .4, .6, .1, .9};

        List<ModelMetrics.Brightness> bins = Trial.byBrightness(trainer, judged, List.of(7.9, 8.0, 5.0, Double.NaN), p);

        assertThat(bins).extracting(ModelMetrics.Brightness::rows).containsExactly(2, 1);
        assertThat(bins.get(0).accuracy().value()).isEqualTo(.5);
        assertThat(bins.get(0).auc().value()).isNull();
        assertThat(bins.get(1).minSnr()).isEqualTo(8);
    }

    private static TrainingSample sample(long group, double real) {
        return new TrainingSample(
                group,
                new float[CutoutFeatures.count()],
                new double[] {real, 1 - real},
                1,
                TrainingSample.Source.CROWD);
    }

    private static Evaluation.Comparison comparison(double probabilityBetter, double probabilityAucBetter) {
        Interval gain = new Interval(.01, -.01, .03);
        return new Evaluation.Comparison(80, 70, gain, gain, probabilityBetter, probabilityAucBetter);
    }
}
