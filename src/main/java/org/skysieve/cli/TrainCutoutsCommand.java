package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.CutoutNetTrainer;
import org.skysieve.engine.learn.NetOptions;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples;
import org.skysieve.model.SimulatedSamples.Simulated;

/** Trains a cutout classifier on labelled alert packets, without server or database. */
@Command(
        name = "train-cutouts",
        description = "Train a cutout classifier on alert packets and a table of labels, and say how good it is on"
                + " objects that it has not seen. Needs no server.",
        mixinStandardHelpOptions = true)
final class TrainCutoutsCommand implements Callable<Integer> {
    private static final int FOLDS = 5;

    /** Fewer labels train too, with the simulated survey behind them; but what is said of them is nearly luck. */
    private static final int FEW = 50;

    /** Images of so many stay in memory: 12 kB each, here and in the process that trains. */
    private static final int MOST_FOR_A_NET = 20_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--alerts",
            paramLabel = "DIR",
            required = true,
            description = "A folder of ZTF or LSST packets (Avro), a .tar or .tar.gz of a night, or one file.")
    private Path alerts = Path.of("");

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            required = true,
            description = "CSV with columns candid, label (real or bogus); others are left alone, but a column subclass"
                    + " splits the report.")
    private Path labels = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "MODEL",
            required = true,
            description = "Where the model goes: one file. A net is an ONNX file, best called .onnx.")
    private Path out = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Of what is drawn at random; the same seed and input give the same file to the byte"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--simulated",
            paramLabel = "N",
            defaultValue = "" + SimulatedSamples.USUAL,
            description = "Simulated candidates beside the labels, which count as much as the labels bear out; 0 for"
                    + " none (default: ${DEFAULT-VALUE}).")
    private int simulatedCount;

    @Option(
            names = "--kind",
            paramLabel = "forest|net",
            defaultValue = "forest",
            description = "What to train: a forest on what is measured of the cutouts, or a convolutional net on the"
                    + " cutouts and the same (in a process of its own, on one thread, Linux on x86-64) (default:"
                    + " ${DEFAULT-VALUE}).")
    private Kind kind = Kind.FOREST;

    /** Kinds of models. */
    enum Kind {
        FOREST,
        NET
    }

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Override
    public Integer call() throws IOException {
        if (simulatedCount < 0 || simulatedCount > 100_000) {
            throw new ParameterException(
                    spec.commandLine(), "--simulated: got " + simulatedCount + ", need 0 to 100000");
        }
        if (kind == Kind.FOREST && out.toString().endsWith(".onnx")) {
            throw new ParameterException(
                    spec.commandLine(), "--out: got " + out + ", but a forest is no ONNX file; --kind net makes one");
        }
        long started = System.nanoTime();
        PrintWriter err = spec.commandLine().getErr();
        BadRows bad = new BadRows(err);
        CandidLabels known;
        try {
            known = CandidLabels.read(labels, bad);
        } finally {
            bad.close();
        }
        Labelled labelled = read(known, err);
        check(labelled);
        int folds = Math.min(FOLDS, labelled.objects());
        Finished finished = kind == Kind.NET ? net(labelled, folds) : forest(labelled, folds);
        WholeFile.write(out, fresh -> Files.write(fresh, finished.model.save()));
        CutoutReport.print(
                spec.commandLine().getOut(),
                labelled,
                trainer().evaluation(labelled.samples),
                finished.predicted,
                finished.beside,
                folds,
                seed);
        err.println(String.format(
                Locale.ROOT,
                "%s: %d bytes, trained in %.1f s.",
                out,
                Files.size(out),
                (System.nanoTime() - started) / 1e9));
        err.flush();
        return 0;
    }

    /**
     * A model and how good such models are.
     *
     * @param beside what it learned from beside the labels, in words
     */
    private record Finished(CutoutModel model, CutoutClassifierTrainer.Predicted predicted, String beside) {}

    private CutoutClassifierTrainer trainer() {
        return new CutoutClassifierTrainer(
                UserCache.CLASSES, CutoutClassifierTrainer.defaultOptions(seed).withThreads(threads.count()));
    }

    private Finished forest(Labelled labelled, int folds) {
        PrintWriter err = spec.commandLine().getErr();
        List<TrainingSample> simulated = UserCache.ofUser(err).simulated(simulatedCount, threads.count()).stream()
                .map(Simulated::sample)
                .toList();
        CutoutClassifierTrainer trainer = trainer();
        try (Progress progress = Progress.start("Training (models)", OptionalLong.of(folds + 1L))) {
            CutoutClassifierTrainer.Predicted predicted =
                    trainer.crossValidateMixed(labelled.samples, simulated, folds, progress::to);
            CutoutClassifierTrainer.Mixed trained = trainer.trainMixed(
                    labelled.samples,
                    simulated,
                    labelled.description() + " and " + simulated.size() + " simulated candidates",
                    Version.ofCode(),
                    Instant.EPOCH);
            progress.step();
            return new Finished(
                    trained.model(),
                    predicted,
                    String.format(
                            Locale.ROOT, "a simulated candidate counts %.3g of a label", trained.simulatedWeight()));
        }
    }

    private Finished net(Labelled labelled, int folds) {
        if (labelled.samples.size() > MOST_FOR_A_NET) {
            throw new IllegalArgumentException("labels: got " + labelled.samples.size() + ", a net takes at most "
                    + MOST_FOR_A_NET + "; --kind forest takes more");
        }
        try (Progress progress = Progress.start("Training (per cent)", OptionalLong.of(100))) {
            CutoutNetTrainer.Trained trained = new CutoutNetTrainer(
                            UserCache.CLASSES,
                            NetOptions.ofFineTuning(seed),
                            UserCache.ofUser(spec.commandLine().getErr()).netProcess())
                    .fineTune(
                            CutoutNet.builtin(),
                            labelled.netSamples(),
                            folds,
                            labelled.description() + ", beginning with the net of the simulated survey",
                            Version.ofCode(),
                            Instant.EPOCH,
                            share -> progress.to(Math.round(100 * share)));
            return new Finished(trained.net(), trained.predicted(), "the net began with the simulated survey");
        }
    }

    /** The labelled packets in the order read: what was measured of them, and small images for a net. */
    static final class Labelled {
        final List<TrainingSample> samples = new ArrayList<>();
        final List<String> subclasses = new ArrayList<>();
        final List<Double> snr = new ArrayList<>();
        private final List<short[]> images = new ArrayList<>();
        final Map<String, Long> groups = new HashMap<>();
        private final MessageDigest digest = sha256();
        boolean hasSubclass;

        void add(AlertPacket packet, CandidLabels.Label label, float[] features) {
            String object = packet.survey() + ' ' + packet.objectId();
            Long group = groups.get(object);
            if (group == null) {
                group = (long) groups.size();
                groups.put(object, group);
            }
            samples.add(new TrainingSample(
                    group,
                    features,
                    label.real() ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.GOLD));
            subclasses.add(label.subclass());
            snr.add(packet.snr());
            digest.update(ByteBuffer.allocate(9)
                    .putLong(packet.candid())
                    .put((byte) (label.real() ? 1 : 0))
                    .array());
        }

        void add(AlertPacket packet, CandidLabels.Label label, NetSample measured) {
            add(packet, label, measured.sample().features());
            images.add(measured.images());
        }

        /** If all were added with their images. */
        List<NetSample> netSamples() {
            List<NetSample> all = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                all.add(new NetSample(samples.get(i), images.get(i)));
            }
            return all;
        }

        int objects() {
            return groups.size();
        }

        long real() {
            return samples.stream().filter(sample -> sample.target()[0] == 1).count();
        }

        /** For the provenance: nothing in it depends on where the files lie. */
        String description() {
            try {
                MessageDigest soFar = (MessageDigest) digest.clone();
                return samples.size() + " labels of " + objects() + " objects (SHA-256 of candids and labels "
                        + HexFormat.of().formatHex(soFar.digest()) + ")";
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final double[] NO_TARGET = {};

    private Labelled read(CandidLabels known, PrintWriter err) throws IOException {
        Labelled labelled = new Labelled();
        labelled.hasSubclass = known.hasSubclass();
        Set<String> seen = new HashSet<>();
        Set<Long> used = new HashSet<>();
        long[] left = new long[3];
        AlertStream.Counts counts = AlertStream.<Optional<NetSample>>read(
                alerts,
                "Measuring cutouts",
                threads.count(),
                err,
                packet -> known.of(packet.candid()) == null || packet.cutouts().isEmpty()
                        ? Optional.empty()
                        : Optional.of(CutoutNet.sample(
                                0,
                                packet.cutouts(),
                                packet.survey(),
                                packet.fwhmPixels(),
                                NO_TARGET,
                                1,
                                TrainingSample.Source.GOLD)),
                (packet, measured) -> {
                    CandidLabels.Label label = known.of(packet.candid());
                    if (label == null) {
                        left[0]++;
                        return;
                    }
                    used.add(packet.candid());
                    if (!seen.add(packet.survey() + ' ' + packet.candid())) {
                        left[1]++;
                    } else if (measured.isEmpty()) {
                        left[2]++;
                    } else if (kind == Kind.NET) {
                        labelled.add(packet, label, measured.get());
                    } else {
                        labelled.add(packet, label, measured.get().sample().features());
                    }
                });
        err.println(String.format(
                Locale.ROOT,
                "%d packets: %d labelled; left out %d without a label, %d there twice, %d without any image, %d not"
                        + " readable. %d of %d labels have no packet.",
                counts.packets(),
                labelled.samples.size(),
                left[0],
                left[1],
                left[2],
                counts.unreadable(),
                known.size() - used.size(),
                known.size()));
        err.flush();
        return labelled;
    }

    private void check(Labelled labelled) {
        long real = labelled.real();
        long bogus = labelled.samples.size() - real;
        if (real == 0 || bogus == 0 || labelled.objects() < 2) {
            throw new IllegalArgumentException("labels: got " + real + " real and " + bogus + " bogus packets of "
                    + labelled.objects() + " objects; need one of each at least, of two objects");
        }
        if (labelled.samples.size() < FEW) {
            spec.commandLine()
                    .getErr()
                    .println("Only " + labelled.samples.size() + " labels: the simulated survey will say most; from "
                            + FEW + " on the figures begin to mean something.");
        }
    }
}
