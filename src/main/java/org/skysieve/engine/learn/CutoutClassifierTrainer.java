package org.skysieve.engine.learn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Trains cutout classifiers and judges them by cross-validation whose folds never split an object. Same samples,
 * settings and seed give the same model.
 */
public final class CutoutClassifierTrainer {
    /** With at least this many labels from people, of which the least of two classes has a tenth, they calibrate alone. */
    private static final int ENOUGH_TO_CALIBRATE = 100;

    private final List<String> classes;
    private final HistogramForest.Options options;
    private final List<TrainingSample> beside;

    /** @param classes the answer keys, in the order of the targets */
    public CutoutClassifierTrainer(List<String> classes, HistogramForest.Options options) {
        this(classes, options, List.of());
    }

    private CutoutClassifierTrainer(
            List<String> classes, HistogramForest.Options options, List<TrainingSample> beside) {
        this.classes = List.copyOf(classes);
        this.options = options;
        this.beside = List.copyOf(beside);
    }

    /**
     * The same, but samples whose labels rules made join every training with their own weights. They are never predicted,
     * and those of an object that is predicted stay out of the model that predicts it.
     */
    public CutoutClassifierTrainer beside(List<TrainingSample> ruled) {
        return new CutoutClassifierTrainer(classes, options, ruled);
    }

    /** The same, but without samples of rules that share an object with what will be predicted. */
    CutoutClassifierTrainer without(Collection<TrainingSample> judged) {
        Set<Long> groups = judged.stream().map(TrainingSample::group).collect(Collectors.toSet());
        return new CutoutClassifierTrainer(
                classes,
                options,
                beside.stream()
                        .filter(sample -> !groups.contains(sample.group()))
                        .toList());
    }

    private List<TrainingSample> withBeside(List<TrainingSample> samples) {
        if (beside.isEmpty()) {
            return samples;
        }
        List<TrainingSample> all = new ArrayList<>(samples);
        all.addAll(beside);
        return all;
    }

    /** The forest that serves cutouts well: 200 trees, leaves of at least 2 rows, 8 features a split. */
    public static HistogramForest.Options defaultOptions(long seed) {
        return new HistogramForest.Options(200, 64, 2, 1_000, 0, true, 1, seed);
    }

    /**
     * Trains on all samples.
     *
     * @param description what the samples are, for the provenance
     * @throws IllegalArgumentException if there are no samples, or their sizes do not fit
     */
    public CutoutClassifier train(
            List<TrainingSample> labelled, String description, String codeVersion, Instant trainedAt) {
        List<TrainingSample> samples = withBeside(labelled);
        TrainingTable table = table(samples);
        HistogramForest.Fit fit = HistogramForest.fit(table, options);
        Calibration calibration = calibrate(samples, fit.outOfBag());
        return new CutoutClassifier(
                classes, fit.forest(), calibration, provenance(samples, table, description, codeVersion, trainedAt));
    }

    /**
     * A model and how much simulated samples counted in it.
     *
     * @param simulatedWeight of each simulated sample, where a label counts 1
     */
    public record Mixed(CutoutClassifier model, double simulatedWeight) {}

    /**
     * Trains on labels with simulated samples beside them, which count as much as the labels bear out: of the weights
     * {@link #mixingWeights} the one whose model has the lower log loss on the labels, each predicted by the trees that
     * have not seen its object.
     *
     * @param labelled at least one
     * @param simulated may be empty; their own weights are ignored
     * @param description what the samples are, for the provenance
     */
    public Mixed trainMixed(
            List<TrainingSample> labelled,
            List<TrainingSample> simulated,
            String description,
            String codeVersion,
            Instant trainedAt) {
        double[] weights = simulated.isEmpty() ? new double[] {1} : mixingWeights(labelled.size());
        Mixed best = null;
        double bestLoss = Double.POSITIVE_INFINITY;
        for (double weight : weights) {
            List<TrainingSample> samples = new ArrayList<>(labelled);
            for (TrainingSample sample : simulated) {
                samples.add(sample.withWeight(weight));
            }
            samples.addAll(beside);
            TrainingTable table = table(samples);
            HistogramForest.Fit fit = HistogramForest.fit(table, options);
            Calibration calibration = calibrate(samples, fit.outOfBag());
            double loss = outOfBagLoss(labelled, fit.outOfBag(), calibration);
            if (best == null || loss < bestLoss) {
                bestLoss = loss;
                best = new Mixed(
                        new CutoutClassifier(
                                classes,
                                fit.forest(),
                                calibration,
                                provenance(samples, table, description, codeVersion, trainedAt)
                                        .withSetting("simulatedWeight", Double.toString(weight))),
                        weight);
            }
        }
        if (best == null) {
            throw new IllegalStateException("training: no weights to try");
        }
        return best;
    }

    /**
     * What a simulated sample may count beside {@code labels} labels: {@code 1 / (1 + n / 100)} is best where the survey
     * looks like the simulator, {@code 1 / (1 + n / 3)} where it does not (docs/methods/classifier.md).
     */
    static double[] mixingWeights(int labels) {
        return new double[] {1 / (1 + labels / 100.), 1 / (1 + labels / 3.)};
    }

    private double outOfBagLoss(List<TrainingSample> labelled, double[] outOfBag, Calibration calibration) {
        int count = classes.size();
        double[] raw = Arrays.copyOf(outOfBag, labelled.size() * count);
        double[] targets = new double[raw.length];
        double[] weights = new double[labelled.size()];
        for (int i = 0; i < weights.length; i++) {
            System.arraycopy(labelled.get(i).target(), 0, targets, i * count, count);
            weights[i] = Double.isNaN(raw[i * count]) ? 0 : labelled.get(i).weight();
            if (weights[i] == 0) {
                // Every tree learned from this object: nothing is said of it, and 0 times NaN is no zero.
                Arrays.fill(raw, i * count, (i + 1) * count, 1. / count);
            }
        }
        calibration.applyAll(raw);
        return Metrics.logLoss(raw, targets, count, weights);
    }

    /**
     * What models say of labels that they have not seen.
     *
     * @param probabilities {@code [row * classes + class]}
     * @param uncertainty one a row, see {@link Scored#uncertainty}
     */
    public record Predicted(double[] probabilities, double[] uncertainty) {}

    /**
     * Predicts every label by a model of {@link #trainMixed} that has not seen its object.
     *
     * @param folds at least 2
     * @param progress told after each fold how many are done
     */
    public Predicted crossValidateMixed(
            List<TrainingSample> labelled, List<TrainingSample> simulated, int folds, IntConsumer progress) {
        if (folds < 2) {
            throw new IllegalArgumentException("cross-validation: got " + folds + " folds, need at least 2");
        }
        int[] fold = folds(labelled, folds, new SplittableRandom(options.seed()));
        double[] probabilities = new double[labelled.size() * classes.size()];
        double[] uncertainty = new double[labelled.size()];
        for (int f = 0; f < folds; f++) {
            List<TrainingSample> train = new ArrayList<>();
            for (int i = 0; i < fold.length; i++) {
                if (fold[i] != f) {
                    train.add(labelled.get(i));
                }
            }
            CutoutClassifier model = without(held(labelled, fold, f))
                    .trainMixed(train, simulated, "fold " + f, "", Instant.EPOCH)
                    .model();
            for (int i = 0; i < fold.length; i++) {
                if (fold[i] == f) {
                    Scored scored = model.score(labelled.get(i).features());
                    System.arraycopy(scored.probabilities(), 0, probabilities, i * classes.size(), classes.size());
                    uncertainty[i] = scored.uncertainty();
                }
            }
            progress.accept(f + 1);
        }
        return new Predicted(probabilities, uncertainty);
    }

    /**
     * Predicts every sample that people labelled by a model that has not seen its object.
     *
     * @param folds at least 2
     * @return {@code [row * classes + class]} over the samples that people labelled, in their order
     */
    public double[] crossValidate(List<TrainingSample> samples, int folds) {
        if (folds < 2) {
            throw new IllegalArgumentException("cross-validation: got " + folds + " folds, need at least 2");
        }
        List<TrainingSample> real = judged(samples);
        int[] fold = folds(real, folds, new SplittableRandom(options.seed()));
        double[] predicted = new double[real.size() * classes.size()];
        for (int f = 0; f < folds; f++) {
            List<TrainingSample> train = new ArrayList<>(samples.size());
            for (TrainingSample sample : samples) {
                if (!sample.source().fromPeople()) {
                    train.add(sample);
                }
            }
            for (int i = 0; i < real.size(); i++) {
                if (fold[i] != f) {
                    train.add(real.get(i));
                }
            }
            CutoutClassifier model = without(held(real, fold, f)).train(train, "fold " + f, "", Instant.EPOCH);
            for (int i = 0; i < real.size(); i++) {
                if (fold[i] == f) {
                    double[] p = model.probabilities(real.get(i).features());
                    System.arraycopy(p, 0, predicted, i * classes.size(), classes.size());
                }
            }
        }
        return predicted;
    }

    /** The samples that people labelled, in their order: what {@link #crossValidate} predicts. */
    public static List<TrainingSample> judged(List<TrainingSample> samples) {
        return samples.stream().filter(sample -> sample.source().fromPeople()).toList();
    }

    /** The samples as something to judge models on. */
    public Evaluation evaluation(List<TrainingSample> samples) {
        return Evaluation.of(table(samples));
    }

    private static List<TrainingSample> held(List<TrainingSample> samples, int[] fold, int number) {
        List<TrainingSample> held = new ArrayList<>();
        for (int i = 0; i < fold.length; i++) {
            if (fold[i] == number) {
                held.add(samples.get(i));
            }
        }
        return held;
    }

    /**
     * Deals objects to folds: in random order, each to the fold that holds the fewest samples of its class.
     *
     * @return the fold of each sample, 0 to {@code folds - 1}
     */
    static int[] folds(List<TrainingSample> samples, int folds, SplittableRandom random) {
        Map<Long, List<Integer>> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            byGroup.computeIfAbsent(samples.get(i).group(), g -> new ArrayList<>())
                    .add(i);
        }
        List<List<Integer>> groups = new ArrayList<>(byGroup.values());
        for (int i = groups.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            List<Integer> swap = groups.get(i);
            groups.set(i, groups.get(j));
            groups.set(j, swap);
        }
        // The largest first, so that the last ones can even out; the sort is stable, so the shuffle holds otherwise.
        groups.sort((a, b) -> Integer.compare(b.size(), a.size()));
        int[] fold = new int[samples.size()];
        Map<Integer, int[]> loads = new HashMap<>();
        for (List<Integer> group : groups) {
            int label = lead(samples.get(group.get(0)).target());
            int[] load = loads.computeIfAbsent(label, l -> new int[folds]);
            int least = 0;
            for (int f = 1; f < folds; f++) {
                if (load[f] < load[least]) {
                    least = f;
                }
            }
            load[least] += group.size();
            for (int row : group) {
                fold[row] = least;
            }
        }
        return fold;
    }

    private static int lead(double[] target) {
        return Metrics.leading(target, target.length, 0);
    }

    private TrainingTable table(List<TrainingSample> samples) {
        int features = CutoutFeatures.count();
        int count = classes.size();
        float[] rows = new float[samples.size() * features];
        double[] targets = new double[samples.size() * count];
        double[] weights = new double[samples.size()];
        int[] groups = new int[samples.size()];
        Map<Long, Integer> groupNumbers = new HashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            TrainingSample sample = samples.get(i);
            if (sample.features().length != features || sample.target().length != count) {
                throw new IllegalArgumentException("training sample: got " + sample.features().length + " features and "
                        + sample.target().length + " classes, need " + features + " and " + count);
            }
            System.arraycopy(sample.features(), 0, rows, i * features, features);
            System.arraycopy(sample.target(), 0, targets, i * count, count);
            weights[i] = sample.weight();
            Integer number = groupNumbers.get(sample.group());
            if (number == null) {
                number = groupNumbers.size();
                groupNumbers.put(sample.group(), number);
            }
            groups[i] = number;
        }
        return new TrainingTable(features, count, rows, targets, weights, groups);
    }

    private Calibration calibrate(List<TrainingSample> samples, double[] outOfBag) {
        int count = classes.size();
        double[] targets = new double[samples.size() * count];
        double[] weights = new double[samples.size()];
        double[] byPeople = new double[count];
        for (int i = 0; i < samples.size(); i++) {
            TrainingSample sample = samples.get(i);
            System.arraycopy(sample.target(), 0, targets, i * count, count);
            weights[i] = sample.weight();
            if (sample.source().fromPeople()) {
                for (int k = 0; k < count; k++) {
                    byPeople[k] += sample.target()[k];
                }
            }
        }
        double people = Arrays.stream(byPeople).sum();
        double rarest = Arrays.stream(byPeople).min().orElse(0);
        if (people >= ENOUGH_TO_CALIBRATE && rarest >= .1 * ENOUGH_TO_CALIBRATE) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = samples.get(i).source().fromPeople() ? 1 : 0;
            }
        }
        return Calibration.fit(outOfBag, targets, count, weights);
    }

    private Provenance provenance(
            List<TrainingSample> samples,
            TrainingTable table,
            String description,
            String codeVersion,
            Instant trainedAt) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        for (String key : classes) {
            labels.put(key, 0);
        }
        Map<String, Integer> sources = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            labels.merge(classes.get(table.label(i)), 1, Integer::sum);
            sources.merge(samples.get(i).source().key(), 1, Integer::sum);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("trees", Integer.toString(options.trees()));
        settings.put("bins", Integer.toString(options.bins()));
        settings.put("minLeaf", Double.toString(options.minLeaf()));
        settings.put("featuresPerSplit", Integer.toString(options.featuresPerSplit()));
        settings.put("featuresVersion", Integer.toString(CutoutFeatures.VERSION));
        return new Provenance(
                description, labels, sources, codeVersion, options.seed(), trainedAt, CutoutFeatures.names(), settings);
    }
}
