package org.skysieve.engine.learn;

import java.io.IOException;
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
}
