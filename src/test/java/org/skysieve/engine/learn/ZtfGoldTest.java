package org.skysieve.engine.learn;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ZtfGoldTest {
    @Test
    void trainedOnRealLabelsAloneItReachesTheReference() throws IOException {
        List<TrainingSample> samples = ZtfGold.samples(ZtfGold.load());
        var trainer = new CutoutClassifierTrainer(ZtfGold.CLASSES, CutoutClassifierTrainer.defaultOptions(1));

        Evaluation.Report report = trainer.evaluation(samples).report(trainer.crossValidate(samples, 5), 1);

        System.out.println("ZTF gold, five folds by object: " + report);
        assertThat(report.rows()).isEqualTo(372);
        // A convolutional net trained the same way reaches .978 and .940.
        assertThat(report.auc().value()).isGreaterThan(.97);
        assertThat(report.accuracy().value()).isGreaterThan(.94);
        assertThat(report.calibrationError().value()).isLessThan(.05);
    }

    @Test
    void trainedOnTheSimulatedSurveyAloneItCarriesOverToRealCandidates() throws IOException {
        List<TrainingSample> gold = ZtfGold.samples(ZtfGold.load());
        var trainer = new CutoutClassifierTrainer(ZtfGold.CLASSES, CutoutClassifierTrainer.defaultOptions(1));

        CutoutClassifier model = trainer.train(ZtfGold.simulated(2000, 1), "simulated", "test", Instant.EPOCH);

        double[] p = model.probabilitiesOfAll(ZtfGold.rows(gold));
        Evaluation.Report report = trainer.evaluation(gold).report(p, 1);
        System.out.println("ZTF gold, trained on simulation only: " + report);
        // A convolutional net trained so reaches .962 and .928.
        assertThat(report.auc().value()).isGreaterThan(.96);
        assertThat(report.accuracy().value()).isGreaterThan(.92);
    }

    @Test
    void simulatedSamplesCostLittleBesideRealOnes() throws IOException {
        List<TrainingSample> gold = ZtfGold.samples(ZtfGold.load());
        List<TrainingSample> mixed = new ArrayList<>(gold);
        for (TrainingSample sample : ZtfGold.simulated(1000, 1)) {
            mixed.add(new TrainingSample(sample.group(), sample.features(), sample.target(), .2, sample.source()));
        }
        var trainer = new CutoutClassifierTrainer(
                ZtfGold.CLASSES, CutoutClassifierTrainer.defaultOptions(1).withTrees(100));
        Evaluation evaluation = trainer.evaluation(gold);

        Evaluation.Comparison comparison =
                evaluation.compare(trainer.crossValidate(gold, 5), trainer.crossValidate(mixed, 5), 1);

        System.out.println("ZTF gold, simulated samples added: " + comparison);
        // 85 bogus: the standard error of an AUC here is about .008, so this says "not worse by two of them".
        assertThat(comparison.aucGain().value()).isGreaterThan(-.016);
        assertThat(comparison.logLossGain().value()).isGreaterThan(-.05);
    }
}
