package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.CutoutNetTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.Interval;
import org.skysieve.engine.learn.NetOptions;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.Scored;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples;

/** Measures the cutout classifier for {@code bench/classifiers}: a table, flat JSON on request. */
public final class ClassifierBenchmarks {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int THREADS = 2;
    private static final long SEED = 1;

    private final boolean quick;
    private final Path folder;
    private final PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    private final Map<String, Object> figures = new TreeMap<>();

    private ClassifierBenchmarks(boolean quick, Path folder) {
        this.quick = quick;
        this.folder = folder;
    }

    /** @param args {@code [--quick] [--json FILE] [--data DIR]} */
    public static void main(String[] args) throws IOException {
        boolean quick = false;
        Path json = null;
        Path data = Path.of(System.getProperty("skysieve.data", "../shared/data"));
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--json" -> json = Path.of(args[++i]);
                case "--data" -> data = Path.of(args[++i]);
                default -> throw new IllegalArgumentException("bench/classifiers: unknown option " + args[i]);
            }
        }
        Path gold = data.resolve("ztf").resolve("gold");
        if (!Files.isRegularFile(gold.resolve("labels.csv"))) {
            System.err.println("bench/classifiers: cannot measure, no labelled packets in " + gold.toAbsolutePath()
                    + "; name the folder of the data with --data");
            System.exit(1);
        }
        ClassifierBenchmarks benchmarks = new ClassifierBenchmarks(quick, gold);
        benchmarks.run();
        if (json != null) {
            Files.writeString(
                    json,
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(benchmarks.figures) + "\n");
        }
    }

    private void run() throws IOException {
        String machine = SYSTEM.getAvailableProcessors() + " cores, " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.specification.version") + ", load "
                + String.format(Locale.ROOT, "%.1f", SYSTEM.getSystemLoadAverage());
        System.out.println("On " + machine + (quick ? " (quick: expect 20 % of scatter)" : ""));
        figures.put("machine", machine);

        List<AlertPacket> packets = new ArrayList<>();
        TrainCutoutsCommand.Labelled labelled = read(packets);
        System.out.println("Packets: " + labelled.samples.size() + " labelled ZTF packets of " + labelled.objects()
                + " objects; 95 % intervals over objects");
        figures.put("labels", labelled.samples.size());

        CutoutClassifierTrainer trainer = new CutoutClassifierTrainer(
                UserCache.CLASSES, CutoutClassifierTrainer.defaultOptions(SEED).withThreads(THREADS));
        Evaluation evaluation = trainer.evaluation(labelled.samples);
        long started = System.nanoTime();
        List<TrainingSample> simulated = SimulatedSamples.make(SimulatedSamples.USUAL, THREADS, done -> {}).stream()
                .map(SimulatedSamples.Simulated::sample)
                .toList();
        CutoutClassifier builtin = trainer.train(simulated, "simulated", "bench", Instant.EPOCH);
        figure("pretrainSeconds", "simulate and pre-train, wall", "%.1f", (System.nanoTime() - started) / 1e9, "s");

        double[] alone = new double[2 * labelled.samples.size()];
        for (int i = 0; i < labelled.samples.size(); i++) {
            System.arraycopy(builtin.probabilities(labelled.samples.get(i).features()), 0, alone, 2 * i, 2);
        }
        Evaluation.Report before = evaluation.report(alone, SEED);
        measure("aucBuiltin", "AUC, simulation alone", before.auc());
        measure("accuracyBuiltin", "accuracy, simulation alone", before.accuracy());
        CutoutClassifierTrainer.Predicted predicted =
                trainer.crossValidateMixed(labelled.samples, simulated, 5, done -> {});
        Evaluation.Report after = evaluation.report(predicted.probabilities(), SEED);
        measure("aucFineTuned", "AUC, fine-tuned, 5 folds", after.auc());
        measure("accuracyFineTuned", "accuracy, fine-tuned, 5 folds", after.accuracy());
        measure("ece", "ECE, fine-tuned, 5 folds", after.calibrationError());

        started = System.nanoTime();
        CutoutFeatures extractor = new CutoutFeatures();
        for (AlertPacket packet : packets) {
            extractor.extract(packet.cutouts(), Double.NaN);
        }
        trainer.trainMixed(labelled.samples, simulated, "bench", "bench", Instant.EPOCH);
        figure("fineTuneSeconds", "fine-tune on these labels, wall", "%.2f", (System.nanoTime() - started) / 1e9, "s");
        figure("imagesPerCoreSecond", "scored from decoded stamps", "%.0f", scored(builtin, packets), "a core-second");
        alerts(builtin);
        net(labelled, packets, evaluation, alone, predicted.probabilities());
    }

    /** The same of the net, under names that begin with "net"; and whether it is better than the forest. */
    private void net(
            TrainCutoutsCommand.Labelled labelled,
            List<AlertPacket> packets,
            Evaluation evaluation,
            double[] forestAlone,
            double[] forestTuned) {
        CutoutNet builtin = CutoutNet.builtin();
        List<NetSample> samples = labelled.netSamples();
        double[] alone = new double[2 * samples.size()];
        for (int i = 0; i < samples.size(); i++) {
            System.arraycopy(builtin.score(samples.get(i)).probabilities(), 0, alone, 2 * i, 2);
        }
        Evaluation.Report before = evaluation.report(alone, SEED);
        measure("netAucBuiltin", "net: AUC, simulation alone", before.auc());
        measure("netAccuracyBuiltin", "net: accuracy, simulation alone", before.accuracy());
        measure("netLogLossBuiltin", "net: log loss, simulation alone", before.logLoss());

        long started = System.nanoTime();
        CutoutNetTrainer.Trained trained = new CutoutNetTrainer(
                        UserCache.CLASSES,
                        NetOptions.ofFineTuning(SEED),
                        UserCache.ofUser(err).netProcess())
                .fineTune(builtin, samples, 5, "bench", "bench", Instant.EPOCH, share -> {});
        double seconds = (System.nanoTime() - started) / 1e9;
        Evaluation.Report after = evaluation.report(trained.predicted().probabilities(), SEED);
        measure("netAucFineTuned", "net: AUC, fine-tuned, 5 folds", after.auc());
        measure("netAccuracyFineTuned", "net: accuracy, fine-tuned, 5 folds", after.accuracy());
        measure("netLogLossFineTuned", "net: log loss, fine-tuned", after.logLoss());
        measure("netEce", "net: ECE, fine-tuned, 5 folds", after.calibrationError());
        figure("netFineTuneSeconds", "net: fine-tune with its 5 folds, wall", "%.1f", seconds, "s");
        compare("Alone", "simulation alone", evaluation.compare(forestAlone, alone, SEED));
        compare(
                "FineTuned",
                "fine-tuned",
                evaluation.compare(forestTuned, trained.predicted().probabilities(), SEED));

        figure(
                "netImagesPerCoreSecond",
                "net: scored from decoded stamps",
                "%.0f",
                scored(builtin, packets),
                "a core-second");
        double[] passes = passes(builtin, samples);
        figure("netOnePassPerCoreSecond", "net: one pass on measured stamps", "%.0f", passes[0], "a core-second");
        figure("netDropoutCost", "net: 20 passes of dropout over one", "%.2f", passes[0] / passes[1], "x");
    }

    private void compare(String key, String name, Evaluation.Comparison comparison) {
        figures.put("netBetterLogLoss" + key, comparison.probabilityLogLossBetter());
        figures.put("netBetterAuc" + key, comparison.probabilityAucBetter());
        System.out.printf(
                Locale.ROOT,
                "%-36s log loss %.2f, AUC %.2f%n",
                "P(net is better), " + name,
                comparison.probabilityLogLossBetter(),
                comparison.probabilityAucBetter());
    }

    /** Candidates a second of processor time, without dropout and with it: medians of some rounds. */
    private static double[] passes(CutoutNet net, List<NetSample> samples) {
        var threads = ManagementFactory.getThreadMXBean();
        int rounds = 9;
        double[][] speed = new double[2][rounds];
        for (int round = -3; round < rounds; round++) {
            for (int kind = 0; kind < 2; kind++) {
                long before = threads.getCurrentThreadCpuTime();
                for (NetSample sample : samples) {
                    if (kind == 0) {
                        net.answer(sample);
                    } else {
                        net.score(sample);
                    }
                }
                if (round >= 0) {
                    speed[kind][round] = samples.size() * 1e9 / (threads.getCurrentThreadCpuTime() - before);
                }
            }
        }
        Arrays.sort(speed[0]);
        Arrays.sort(speed[1]);
        return new double[] {speed[0][rounds / 2], speed[1][rounds / 2]};
    }

    private TrainCutoutsCommand.Labelled read(List<AlertPacket> packets) throws IOException {
        CandidLabels known = CandidLabels.read(folder.resolve("labels.csv"), new BadRows(err));
        TrainCutoutsCommand.Labelled labelled = new TrainCutoutsCommand.Labelled();
        AlertStream.<NetSample>read(
                folder,
                "Measuring cutouts",
                1,
                err,
                packet -> CutoutNet.sample(
                        0,
                        packet.cutouts(),
                        packet.survey(),
                        packet.fwhmPixels(),
                        new double[0],
                        1,
                        TrainingSample.Source.GOLD),
                (packet, measured) -> {
                    CandidLabels.Label label = known.of(packet.candid());
                    if (label != null) {
                        labelled.add(packet, label, measured);
                        packets.add(packet);
                    }
                });
        return labelled;
    }

    /** Candidates a second of processor time on one thread: the best of some rounds, the first of which warm up. */
    private static double scored(CutoutModel classifier, List<AlertPacket> packets) {
        var threads = ManagementFactory.getThreadMXBean();
        double best = 0;
        double sum = 0;
        long end = System.nanoTime() + 8_000_000_000L;
        for (int round = 0; round < 20 && (round < 4 || System.nanoTime() < end); round++) {
            long before = threads.getCurrentThreadCpuTime();
            for (AlertPacket packet : packets) {
                Scored scored = classifier.score(packet.cutouts(), packet.survey(), packet.fwhmPixels());
                sum += scored.uncertainty();
            }
            best = Math.max(best, packets.size() * 1e9 / (threads.getCurrentThreadCpuTime() - before));
        }
        if (!(sum > 0)) {
            throw new IllegalStateException("bench/classifiers: no packet was in doubt, so nothing was scored");
        }
        return best;
    }

    /** From Avro files to scores, as {@code skysieve score} does: the median round, after one that warms up. */
    private void alerts(CutoutClassifier classifier) throws IOException {
        int rounds = quick ? 4 : 10;
        double[] wall = new double[rounds];
        double[] cpu = new double[rounds];
        for (int round = -2; round < rounds; round++) {
            long started = System.nanoTime();
            long startedCpu = SYSTEM.getProcessCpuTime();
            AlertStream.Counts counts = AlertStream.<Scored>read(
                    folder,
                    "Scoring",
                    THREADS,
                    err,
                    packet -> classifier.score(packet.cutouts(), packet.survey(), packet.fwhmPixels()),
                    (packet, scored) -> {});
            if (counts.packets() == 0) {
                throw new IllegalStateException("bench/classifiers: nothing to score in " + folder);
            }
            if (round >= 0) {
                wall[round] = counts.packets() * 1e9 / (System.nanoTime() - started);
                cpu[round] = counts.packets() * 1e9 / (SYSTEM.getProcessCpuTime() - startedCpu);
            }
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        figure("alertsPerSecond", "Avro files to scores, 2 threads", "%.0f", wall[rounds / 2], "a second");
        figure("alertsPerCoreSecond", "the same, processor time", "%.0f", cpu[rounds / 2], "a core-second");
    }

    private void measure(String key, String name, Interval interval) {
        if (Double.isNaN(interval.value())) {
            throw new IllegalStateException("bench/classifiers: " + name + " cannot be measured");
        }
        figures.put(key, interval.value());
        System.out.printf(
                Locale.ROOT, "%-36s %8.4f (%.4f to %.4f)%n", name, interval.value(), interval.low(), interval.high());
    }

    private void figure(String key, String name, String format, double value, String unit) {
        figures.put(key, value);
        System.out.printf(Locale.ROOT, "%-36s %8s %s%n", name, String.format(Locale.ROOT, format, value), unit);
    }
}
