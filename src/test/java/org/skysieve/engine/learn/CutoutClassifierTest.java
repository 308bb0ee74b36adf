package org.skysieve.engine.learn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class CutoutClassifierTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final List<TrainingSample> SAMPLES = samples(300, 1);

    private final CutoutClassifierTrainer trainer = new CutoutClassifierTrainer(
            List.of("real", "bogus"), CutoutClassifierTrainer.defaultOptions(1).withTrees(60));

    @Test
    void pointSourcesAndDipolesAreToldApart() {
        double[] p = trainer.crossValidate(SAMPLES, 5);

        Evaluation.Report report =
                trainer.evaluation(CutoutClassifierTrainer.judged(SAMPLES)).report(p, 1);
        assertThat(report.auc().value()).isGreaterThan(.98);
        assertThat(report.calibrationError().value()).isLessThan(.08);
        assertThat(report.rows()).isEqualTo(300);
    }

    @Test
    void trainingAgainGivesTheSameBytes() {
        byte[] first = trainer.train(SAMPLES, "made up", "1.0", NOON).save();

        assertThat(trainer.train(SAMPLES, "made up", "1.0", NOON).save()).isEqualTo(first);
    }

    @Test
    void aModelReadBackSaysTheSame() {
        CutoutClassifier model = trainer.train(SAMPLES, "made up", "1.0", NOON);

        CutoutClassifier back = CutoutClassifier.load(model.save());

        assertThat(back.provenance()).isEqualTo(model.provenance());
        assertThat(back.classes()).containsExactly("real", "bogus");
        for (TrainingSample sample : SAMPLES.subList(0, 50)) {
            Scored a = model.score(sample.features());
            Scored b = back.score(sample.features());
            assertThat(b.probabilities()).isEqualTo(a.probabilities());
            assertThat(b.epistemic()).isEqualTo(a.epistemic());
        }
        assertThat(back.provenance().labelCounts()).containsEntry("real", 150).containsEntry("bogus", 150);
        assertThat(back.provenance().sourceCounts()).containsEntry("gold", 300);
        assertThat(back.provenance().featureNames()).isEqualTo(CutoutFeatures.names());
    }

    @Test
    void modelsOfAnEarlierVersionOfTheFeaturesStillServe() {
        int before = CutoutFeatures.count(1);
        float[] rows = new float[SAMPLES.size() * before];
        double[] targets = new double[SAMPLES.size() * 2];
        double[] weights = new double[SAMPLES.size()];
        int[] groups = new int[SAMPLES.size()];
        for (int i = 0; i < groups.length; i++) {
            System.arraycopy(SAMPLES.get(i).features(), 0, rows, i * before, before);
            System.arraycopy(SAMPLES.get(i).target(), 0, targets, 2 * i, 2);
            weights[i] = 1;
            groups[i] = i;
        }
        HistogramForest forest = HistogramForest.fit(
                        new TrainingTable(before, 2, rows, targets, weights, groups),
                        HistogramForest.Options.defaults(1).withTrees(20))
                .forest();
        CutoutClassifier current = trainer.train(SAMPLES, "made up", "1.0", NOON);
        var old = new CutoutClassifier(List.of("real", "bogus"), forest, Calibration.none(2), current.provenance());

        CutoutClassifier back = CutoutClassifier.load(old.save());

        float[] all = ZtfGold.rows(SAMPLES.subList(0, 5));
        double[] expected = Calibration.none(2).apply(forest.probabilities(Arrays.copyOf(rows, before)));
        assertThat(back.probabilities(SAMPLES.get(0).features())).isEqualTo(expected);
        assertThat(back.score(SAMPLES.get(0).features()).probabilities()[0]).isCloseTo(expected[0], within(1e-9));
        assertThat(back.probabilitiesOfAll(all)[0]).isCloseTo(expected[0], within(1e-9));
    }

    @Test
    void aSimulationThatContradictsTheLabelsLosesItsSay() {
        List<TrainingSample> agreeing = new ArrayList<>();
        List<TrainingSample> contradicting = new ArrayList<>();
        for (TrainingSample sample : samples(200, 5)) {
            double[] other = {sample.target()[1], sample.target()[0]};
            agreeing.add(new TrainingSample(
                    -1 - sample.group(), sample.features(), sample.target(), 1, TrainingSample.Source.SIMULATED));
            contradicting.add(new TrainingSample(
                    -1 - sample.group(), sample.features(), other, 1, TrainingSample.Source.SIMULATED));
        }
        List<TrainingSample> labelled = SAMPLES.subList(0, 100);

        CutoutClassifierTrainer.Mixed lost = trainer.trainMixed(labelled, contradicting, "made up", "1.0", NOON);

        double[] weights = CutoutClassifierTrainer.mixingWeights(100);
        assertThat(lost.simulatedWeight()).isEqualTo(Math.min(weights[0], weights[1]));
        assertThat(lost.model().provenance().settings())
                .containsEntry("simulatedWeight", Double.toString(lost.simulatedWeight()));
        CutoutClassifierTrainer.Predicted predicted = trainer.crossValidateMixed(labelled, agreeing, 5, done -> {});
        assertThat(trainer.evaluation(labelled)
                        .report(predicted.probabilities(), 1)
                        .accuracy()
                        .value())
                .isGreaterThan(.95);
        assertThat(predicted.uncertainty()).hasSize(100);
        assertThat(Arrays.stream(predicted.uncertainty()).min().orElseThrow()).isGreaterThanOrEqualTo(0);
        assertThat(Arrays.stream(predicted.uncertainty()).max().orElseThrow()).isLessThanOrEqualTo(1);
    }

    @Test
    void brokenModelsAreRefused() {
        byte[] saved = trainer.train(SAMPLES, "made up", "1.0", NOON).save();

        assertThatThrownBy(() -> CutoutClassifier.load(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot read the saved model");
        assertThatThrownBy(() -> CutoutClassifier.load(Arrays.copyOf(saved, saved.length / 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> CutoutClassifier.load("not a model".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .hasMessageContaining("got magic 6e6f7420");
    }

    @Test
    void oneAndAllAndScoreAgree() {
        CutoutClassifier model = trainer.train(SAMPLES, "made up", "1.0", NOON);
        float[] rows = new float[10 * CutoutFeatures.count()];
        for (int i = 0; i < 10; i++) {
            System.arraycopy(SAMPLES.get(i).features(), 0, rows, i * CutoutFeatures.count(), CutoutFeatures.count());
        }

        double[] all = model.probabilitiesOfAll(rows);

        for (int i = 0; i < 10; i++) {
            double[] one = model.probabilities(SAMPLES.get(i).features());
            assertThat(one[0] + one[1]).isCloseTo(1, within(1e-12));
            assertThat(all[2 * i]).isCloseTo(one[0], within(1e-12));
            assertThat(model.score(SAMPLES.get(i).features()).probabilities()[0])
                    .isCloseTo(one[0], within(1e-12));
        }
    }

    @Test
    void whatTheModelHasNeverSeenIsMoreUncertain() {
        CutoutClassifier model = trainer.train(SAMPLES, "made up", "1.0", NOON);
        var random = new SplittableRandom(99);

        double known = 0;
        double strange = 0;
        for (int i = 0; i < 40; i++) {
            known += model.score(SyntheticCutouts.real(63, 2.5, 20, random), "ztf", Double.NaN)
                            .epistemic()
                    / 40;
            // A point source with a weaker negative neighbour: between the two classes.
            float[] between = SyntheticCutouts.noise(63, 6.3, 0, random);
            SyntheticCutouts.add(between, 63, 0, 0, 2.5, 120);
            SyntheticCutouts.add(between, 63, 2.5, 0, 2.5, -50);
            CutoutTriplet real = SyntheticCutouts.real(63, 2.5, 20, random);
            var mixed = new CutoutTriplet(real.science(), real.template(), new Cutout(63, 63, between));
            Scored scored = model.score(mixed, "ztf", Double.NaN);
            strange += scored.epistemic() / 40;
            assertThat(scored.epistemic() + scored.aleatoric()).isBetween(0., Math.log(2) + 1e-9);
        }

        assertThat(strange).isGreaterThan(2 * known);
    }

    @Test
    void maskedRowsFarFromTheCandidateDoNotThrowTheScore() {
        CutoutClassifier model = trainer.train(SAMPLES, "made up", "1.0", NOON);
        var random = new SplittableRandom(31);

        for (int i = 0; i < 30; i++) {
            CutoutTriplet whole = SyntheticCutouts.real(63, 2.5, 20, random);
            CutoutTriplet masked =
                    new CutoutTriplet(mask(whole.science(), i), mask(whole.template(), i), mask(whole.difference(), i));

            double before = model.probabilities(whole, "ztf", Double.NaN)[0];
            double after = model.probabilities(masked, "ztf", Double.NaN)[0];

            assertThat(after).isCloseTo(before, within(.2));
        }
    }

    @Test
    void foldsNeverSplitAnObjectAndShareTheClasses() {
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            TrainingSample sample = SAMPLES.get(i);
            samples.add(new TrainingSample(
                    i / 4,
                    sample.features(),
                    i / 4 % 5 == 0 ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    sample.source()));
        }

        int[] fold = CutoutClassifierTrainer.folds(samples, 5, new SplittableRandom(3));

        int[] first = new int[5];
        for (int i = 0; i < 200; i++) {
            assertThat(fold[i]).isEqualTo(fold[i / 4 * 4]);
            first[fold[i]] += samples.get(i).target()[0] == 1 ? 1 : 0;
        }
        assertThat(first).containsOnly(8);
    }

    @Test
    void simulatedSamplesTrainButAreNotJudged() {
        List<TrainingSample> mixed = new ArrayList<>(SAMPLES.subList(0, 40));
        for (TrainingSample sample : samples(200, 5)) {
            mixed.add(new TrainingSample(
                    -sample.group() - 1, sample.features(), sample.target(), .2, TrainingSample.Source.SIMULATED));
        }

        double[] p = trainer.crossValidate(mixed, 4);

        assertThat(p).hasSize(80);
        assertThat(trainer.evaluation(CutoutClassifierTrainer.judged(mixed))
                        .report(p, 1)
                        .auc()
                        .value())
                .isGreaterThan(.95);
    }

    @Test
    void whatRulesLabelJoinsEveryTrainingButNotThatOfAModelThatPredictsItsObject() {
        List<TrainingSample> labelled = SAMPLES.subList(0, 40);
        List<TrainingSample> ruled = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            TrainingSample sample = SAMPLES.get(100 + i);
            double[] wrong = {sample.target()[1], sample.target()[0]};
            ruled.add(new TrainingSample(
                    labelled.get(7).group(), sample.features(), wrong, 3, TrainingSample.Source.INJECTED));
        }
        List<TrainingSample> all = new ArrayList<>(labelled);
        all.addAll(ruled);

        CutoutClassifierTrainer beside = trainer.beside(ruled);

        assertThat(beside.train(labelled, "made up", "1.0", NOON).save())
                .isEqualTo(trainer.train(all, "made up", "1.0", NOON).save());
        assertThat(beside.without(labelled)
                        .train(labelled, "made up", "1.0", NOON)
                        .save())
                .isEqualTo(trainer.train(labelled, "made up", "1.0", NOON).save());
        double[] with = beside.crossValidate(labelled, 4);
        double[] bare = trainer.crossValidate(labelled, 4);
        assertThat(with).hasSize(80).isNotEqualTo(bare);
        assertThat(with[2 * 7]).isEqualTo(bare[2 * 7]);
        assertThat(CutoutClassifierTrainer.judged(all)).isEqualTo(labelled);
    }

    @Test
    void keysOfSourcesComeBack() {
        for (TrainingSample.Source source : TrainingSample.Source.values()) {
            assertThat(TrainingSample.Source.ofKey(source.key())).isEqualTo(source);
        }
    }

    @Test
    void threeClassesWork() {
        var random = new SplittableRandom(8);
        var extractor = new CutoutFeatures();
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            CutoutTriplet cutouts = i % 3 == 0
                    ? SyntheticCutouts.real(63, 2.5, 15, random)
                    : i % 3 == 1
                            ? SyntheticCutouts.dipole(63, 2.5, 15, random)
                            : SyntheticCutouts.real(63, 6, 15, random);
            double[] target = new double[3];
            target[i % 3] = 1;
            samples.add(new TrainingSample(i, extractor.extract(cutouts, 2.5), target, 1, TrainingSample.Source.CROWD));
        }
        var three = new CutoutClassifierTrainer(
                List.of("point", "dipole", "wide"),
                CutoutClassifierTrainer.defaultOptions(1).withTrees(60));

        double[] p = three.crossValidate(samples, 5);

        assertThat(three.evaluation(samples).report(p, 1).accuracy().value()).isGreaterThan(.95);
    }

    private static Cutout mask(Cutout cutout, int where) {
        float[] pixels = cutout.pixels();
        int rows = 3 + where % 12;
        if (where % 2 == 0) {
            Arrays.fill(pixels, 0, rows * 63, Float.NaN);
        } else {
            Arrays.fill(pixels, (63 - rows) * 63, 63 * 63, Float.NaN);
        }
        return new Cutout(63, 63, pixels);
    }

    static List<TrainingSample> samples(int n, long seed) {
        var random = new SplittableRandom(seed);
        var extractor = new CutoutFeatures();
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double peak = 4 + 30 * random.nextDouble();
            CutoutTriplet cutouts = i % 2 == 0
                    ? SyntheticCutouts.real(63, 2.5, peak, random)
                    : SyntheticCutouts.dipole(63, 2.5, peak, random);
            if (i % 7 == 0) {
                cutouts = new CutoutTriplet(
                        mask(cutouts.science(), i), mask(cutouts.template(), i), mask(cutouts.difference(), i));
            }
            double[] target = i % 2 == 0 ? new double[] {1, 0} : new double[] {0, 1};
            samples.add(new TrainingSample(
                    i, extractor.extract(cutouts, Double.NaN), target, 1, TrainingSample.Source.GOLD));
        }
        return samples;
    }
}
