package org.skysieve.engine.learn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/**
 * Trains {@link CutoutNet}s: the labour is done by {@link NetProcess} elsewhere; here samples are dealt to folds, and what
 * was predicted out of fold calibrates the net. Same samples, options, machine and seed give the same net.
 */
public final class CutoutNetTrainer {
    /** Every so many samples of a pre-training one is kept to calibrate by. */
    private static final int KEPT = 8;

    private final List<String> classes;
    private final NetOptions options;
    private final NetProcess process;

    /** @param classes the answer keys, in the order of the targets */
    public CutoutNetTrainer(List<String> classes, NetOptions options, NetProcess process) {
        this.classes = List.copyOf(classes);
        this.options = options;
        this.process = process;
    }

    /**
     * A net, and what nets trained in the same way say of samples whose object they have not seen.
     *
     * @param predicted calibrated by the other folds, over the samples that are not simulated, in their order
     */
    public record Trained(CutoutNet net, CutoutClassifierTrainer.Predicted predicted) {}

    /**
     * Trains from random weights, on seven eighths of the samples; the others calibrate.
     *
     * @param samples some thousands
     * @param description what the samples are, for the provenance
     * @param progress told the share that is done, in [0, 1], from another thread
     * @throws TrainingFailed without a net
     */
    public CutoutNet pretrain(
            List<NetSample> samples,
            String description,
            String codeVersion,
            Instant trainedAt,
            DoubleConsumer progress) {
        NetShape shape = new NetShape(8, 16, 32, CutoutFeatures.count(), 64, classes.size());
        List<float[]> rows =
                samples.stream().map(one -> one.sample().features()).toList();
        NetWeights start = NetWeights.random(shape, rows, options.seed());
        int[] fold = new int[samples.size()];
        Map<Long, Integer> groups = new LinkedHashMap<>();
        for (int i = 0; i < fold.length; i++) {
            int group = groups.computeIfAbsent(samples.get(i).sample().group(), g -> groups.size());
            fold[i] = group % KEPT == KEPT - 1 ? 0 : -1;
        }
        NetJob.Result result = process.run(new NetJob(start, options, samples, fold, 1, false), progress);
        Calibration calibration = calibrate(samples, result.outOfFold(), i -> true);
        return finish(result, calibration, samples, description, codeVersion, trainedAt);
    }

    /**
     * Trains from another net, once without each fold and once on all.
     *
     * @param samples labels, of two objects at least; simulated ones are learned from and never judge
     * @param folds at least 2
     * @param description what the samples are, for the provenance
     * @param progress told the share that is done, in [0, 1], from another thread
     * @throws TrainingFailed without a net; {@code start} stays as it is
     */
    public Trained fineTune(
            CutoutNet start,
            List<NetSample> samples,
            int folds,
            String description,
            String codeVersion,
            Instant trainedAt,
            DoubleConsumer progress) {
        if (folds < 2) {
            throw new IllegalArgumentException("fine-tuning: got " + folds + " folds, need at least 2");
        }
        if (!start.classes().equals(classes)) {
            throw new IllegalArgumentException(
                    "fine-tuning: got a net that tells " + start.classes() + ", need " + classes);
        }
        List<Integer> judged = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).sample().source().fromPeople()) {
                judged.add(i);
            }
        }
        int[] dealt = CutoutClassifierTrainer.folds(
                judged.stream().map(i -> samples.get(i).sample()).toList(),
                folds,
                new SplittableRandom(options.seed()));
        int[] fold = new int[samples.size()];
        Arrays.fill(fold, -1);
        Map<Long, Integer> foldOfObject = new HashMap<>();
        for (int i = 0; i < dealt.length; i++) {
            fold[judged.get(i)] = dealt[i];
            foldOfObject.put(samples.get(judged.get(i)).sample().group(), dealt[i]);
        }
        for (int i = 0; i < fold.length; i++) {
            TrainingSample sample = samples.get(i).sample();
            if (!sample.source().fromPeople() && sample.source() != TrainingSample.Source.SIMULATED) {
                // A rule may have labelled another detection of an object that is to be predicted unseen.
                fold[i] = foldOfObject.getOrDefault(sample.group(), -1);
            }
        }
        NetJob.Result result = process.run(new NetJob(start.weights(), options, samples, fold, folds, true), progress);
        Calibration calibration = calibrate(
                samples,
                result.outOfFold(),
                i -> samples.get(i).sample().source().fromPeople());
        CutoutNet net = finish(result, calibration, samples, description, codeVersion, trainedAt);
        return new Trained(net, predicted(samples, judged, fold, folds, result.outOfFold()));
    }

    /** Every fold calibrated by the others. */
    private CutoutClassifierTrainer.Predicted predicted(
            List<NetSample> samples, List<Integer> judged, int[] fold, int folds, double[] outOfFold) {
        int count = classes.size();
        double[] probabilities = new double[judged.size() * count];
        double[] uncertainty = new double[judged.size()];
        for (int f = 0; f < folds; f++) {
            int own = f;
            Calibration others = calibrate(
                    samples,
                    outOfFold,
                    i -> fold[i] != own && samples.get(i).sample().source().fromPeople());
            for (int i = 0; i < judged.size(); i++) {
                int row = judged.get(i);
                if (fold[row] == f) {
                    double[] p = others.apply(Arrays.copyOfRange(outOfFold, row * count, (row + 1) * count));
                    System.arraycopy(p, 0, probabilities, i * count, count);
                    uncertainty[i] = new Scored(p, 0, 0).uncertainty();
                }
            }
        }
        return new CutoutClassifierTrainer.Predicted(probabilities, uncertainty);
    }

    private Calibration calibrate(List<NetSample> samples, double[] outOfFold, java.util.function.IntPredicate counts) {
        int count = classes.size();
        double[] targets = new double[samples.size() * count];
        double[] weights = new double[samples.size()];
        for (int i = 0; i < weights.length; i++) {
            System.arraycopy(samples.get(i).sample().target(), 0, targets, i * count, count);
            weights[i] = counts.test(i) ? samples.get(i).sample().weight() : 0;
        }
        return Calibration.fit(outOfFold, targets, count, weights);
    }

    private CutoutNet finish(
            NetJob.Result result,
            Calibration calibration,
            List<NetSample> samples,
            String description,
            String codeVersion,
            Instant trainedAt) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        for (String key : classes) {
            labels.put(key, 0);
        }
        Map<String, Integer> sources = new LinkedHashMap<>();
        for (NetSample one : samples) {
            double[] target = one.sample().target();
            labels.merge(classes.get(Metrics.leading(target, target.length, 0)), 1, Integer::sum);
            sources.merge(one.sample().source().key(), 1, Integer::sum);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("kind", "net");
        settings.put("epochs", Integer.toString(options.epochs()));
        settings.put("batch", Integer.toString(options.batch()));
        settings.put("rate", Double.toString(options.rate()));
        settings.put("pull", Double.toString(options.pull()));
        settings.put("dropInput", Double.toString(options.dropInput()));
        settings.put("dropHidden", Double.toString(options.dropHidden()));
        settings.put("featuresVersion", Integer.toString(CutoutFeatures.VERSION));
        CutoutNet net = new CutoutNet(
                classes,
                result.weights(),
                options.dropInput(),
                options.dropHidden(),
                calibration,
                new Provenance(
                        description,
                        labels,
                        sources,
                        codeVersion,
                        options.seed(),
                        trainedAt,
                        CutoutFeatures.names(),
                        settings));
        check(net, samples, result.checked());
        return net;
    }

    /** PyTorch trained it, ONNX Runtime will serve it: both must say the same. */
    private void check(CutoutNet net, List<NetSample> samples, float[] checked) {
        int count = classes.size();
        for (int i = 0; i < checked.length / count; i++) {
            double[] served = net.raw(samples.get(i));
            for (int k = 0; k < count; k++) {
                double off = Math.abs(served[k] - checked[i * count + k]);
                if (!(off <= EXACT)) {
                    throw new TrainingFailed(
                            TrainingFailed.Reason.WRONG,
                            "sample " + i + " is " + checked[i * count + k] + " as trained and " + served[k]
                                    + " as served, need them equal to " + EXACT);
                }
            }
        }
    }

    /** Furthest that probabilities of PyTorch and ONNX Runtime may lie apart. */
    static final double EXACT = 1e-5;
}
