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
        Trial.Verdict verdict = Trial.decide(null, null, .9, "30 labels", "3 labels");

        assertThat(verdict.promote()).isTrue();
        assertThat(verdict.reason()).contains("first model").contains("30 labels");
    }

    @Test
    void onlyASurelyBetterChallengerTakesOver() {
        assertThat(Trial.decide(comparison(.91, .6), null, .9, "", "3 labels").promote())
                .isTrue();
        assertThat(Trial.decide(comparison(.89, .99), null, .9, "", "3 labels").promote())
                .isFalse();
        assertThat(Trial.decide(comparison(.89, .99), null, .9, "84 labels", "3 labels")
                        .reason())
                .startsWith("not surely better, need P 0.90")
                .contains("(P better 0.89)")
                .endsWith("84 labels");
    }

    @Test
    void aChallengerThatRanksWorseStaysOut() {
        assertThat(Trial.decide(comparison(.95, .05), null, .9, "", "3 labels").reason())
                .startsWith("ranks worse");
        assertThat(Trial.decide(comparison(.95, .05), null, .9, "", "3 labels").promote())
                .isFalse();
    }

    @Test
    void theExplorationSampleMustBeWonToo() {
        Trial.Verdict both = Trial.decide(comparison(.95, .9), comparison(.93, .6), .9, "84 labels", "41 labels");
        Trial.Verdict one = Trial.decide(comparison(.95, .9), comparison(.7, .6), .9, "84 labels", "41 labels");
        Trial.Verdict small = Trial.decide(comparison(.95, .9), null, .9, "84 labels", "12 labels (too few, need 30)");

        assertThat(both.promote()).isTrue();
        assertThat(both.reason())
                .contains("(P better 0.95)")
                .contains("(P better 0.93)")
                .endsWith("on 41 labels");
        assertThat(one.promote()).isFalse();
        assertThat(one.reason())
                .startsWith("not surely better, need P 0.90 where nothing was chosen")
                .contains("(P better 0.70), AUC higher by 0.0100 (P better 0.60) on 41 labels");
        assertThat(small.promote()).isTrue();
        assertThat(small.reason()).endsWith("not asked of 12 labels (too few, need 30)");
    }

    @Test
    void whatCannotBeMeasuredIsNoEvidence() {
        assertThat(Trial.decide(comparison(Double.NaN, Double.NaN), null, .9, "", "3 labels")
                        .promote())
                .isFalse();
        // One class only: the AUC says nothing, the log loss does.
        assertThat(Trial.decide(comparison(.95, Double.NaN), null, .9, "", "3 labels")
                        .promote())
                .isTrue();
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
