package org.skysieve.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;

/**
 * What a crowd's labels are worth to a classifier: the same forest, trained with the same seed on the same candidates,
 * once on the crowd's labels and once on the truth, both judged on candidates that nobody labelled. Nothing simulated
 * and no gold standard stands beside the labels.
 */
final class LabelsOfCrowd {
    private static final List<String> CLASSES = List.of("real", "bogus");

    private final SampleRows rows;
    private final List<TrainingSample> crowd = new ArrayList<>();
    private final List<TrainingSample> truth = new ArrayList<>();

    /**
     * @param labels that the forests learned from
     * @param crowd area under the ROC curve of the one that learned from the crowd; NaN without labels of both classes
     * @param truth of the one that learned from the truth
     */
    record Worth(int labels, double crowd, double truth) {
        static final Worth NOT_MEASURED = new Worth(0, Double.NaN, Double.NaN);
    }

    LabelsOfCrowd(SampleRows rows) {
        this.rows = rows;
    }

    /** @param target P(class), real first */
    void add(SimulatedCandidate candidate, double[] target) {
        crowd.add(rows.sample(candidate, target));
        truth.add(rows.sample(candidate, candidate.real() ? new double[] {1, 0} : new double[] {0, 1}));
    }

    /** @param unseen candidates of another night */
    Worth worth(List<SimulatedCandidate> unseen, long seed) {
        long real = truth.stream().filter(sample -> sample.target()[0] == 1).count();
        if (real == 0 || real == truth.size()) {
            return Worth.NOT_MEASURED;
        }
        CutoutClassifier ofCrowd = train(crowd, seed);
        CutoutClassifier ofTruth = train(truth, seed);
        List<double[]> reals = new ArrayList<>();
        List<double[]> boguses = new ArrayList<>();
        for (SimulatedCandidate candidate : unseen) {
            float[] row = rows.of(candidate);
            (candidate.real() ? reals : boguses)
                    .add(new double[] {ofCrowd.probabilities(row)[0], ofTruth.probabilities(row)[0]});
        }
        return new Worth(
                crowd.size(),
                Simulation.areaUnderRoc(column(reals, 0), column(boguses, 0)),
                Simulation.areaUnderRoc(column(reals, 1), column(boguses, 1)));
    }

    private static CutoutClassifier train(List<TrainingSample> samples, long seed) {
        return new CutoutClassifierTrainer(CLASSES, CutoutClassifierTrainer.defaultOptions(seed))
                .train(samples, "a simulated crowd", "", Instant.EPOCH);
    }

    /** As a server trains: with the simulated survey beside the labels, at the weight that the labels bear out. */
    static CutoutClassifier trainMixed(List<TrainingSample> samples, List<TrainingSample> simulated, long seed) {
        return new CutoutClassifierTrainer(CLASSES, CutoutClassifierTrainer.defaultOptions(seed))
                .trainMixed(samples, simulated, "a simulated crowd", "", Instant.EPOCH)
                .model();
    }

    private static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }
}
