package org.skysieve.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.Scored;

/** Scores alert packets by a cutout classifier, without server or database. */
@Command(
        name = "score",
        description = "Score alert packets by a cutout classifier: how likely each is real, and how sure that is."
                + " Needs no server.",
        mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
    /** The name of the classifier that needs no file. */
    static final String BUILTIN = "builtin";

    /** The name of the net that needs no file. */
    static final String BUILTIN_NET = "builtin-net";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            description = "What train-cutouts wrote, a forest or a net, or any net as ONNX that keeps the contract of"
                    + " docs/formats.md; or \"builtin\", the forest trained on the simulated survey alone (made at its"
                    + " first use and kept), or \"builtin-net\", the net trained so.")
    private String model = "";

    @Option(
            names = "--alerts",
            paramLabel = "DIR",
            required = true,
            description = "A folder of ZTF or LSST packets (Avro), a .tar or .tar.gz of a night, or one file.")
    private Path alerts = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the scores go, as CSV: candid,p_real,uncertainty.")
    private Path out = Path.of("");

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Override
    public Integer call() throws IOException {
        AlertStream.requireThere(alerts);
        PrintWriter err = spec.commandLine().getErr();
        CutoutModel classifier = switch (model) {
            case BUILTIN -> UserCache.ofUser(err).builtin(threads.count());
            case BUILTIN_NET -> CutoutNet.builtin();
            default -> load();
        };
        int real = classifier.classes().indexOf("real");
        if (real < 0) {
            throw new IllegalArgumentException(
                    model + ": this model tells " + String.join(", ", classifier.classes()) + "; need real among them");
        }
        long started = System.nanoTime();
        AlertStream.Counts counts = WholeFile.write(out, fresh -> write(classifier, real, err, fresh));
        double seconds = (System.nanoTime() - started) / 1e9;
        err.println(String.format(
                Locale.ROOT,
                "%s: %d packets scored (%.0f a second), %d could not be read.",
                out,
                counts.packets(),
                counts.packets() / seconds,
                counts.unreadable()));
        err.flush();
        return 0;
    }

    private CutoutModel load() throws IOException {
        Path file = Path.of(model);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--model: there is no file " + model
                    + "; need one that train-cutouts wrote, an ONNX file, " + BUILTIN + " or " + BUILTIN_NET);
        }
        try {
            return CutoutModel.load(Files.readAllBytes(file));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(model + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private AlertStream.Counts write(CutoutModel classifier, int real, PrintWriter err, Path fresh) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(fresh)) {
            writer.write("candid,p_real,uncertainty\n");
            AlertStream.Counts counts = AlertStream.<Scored>read(
                    alerts,
                    "Scoring",
                    threads.count(),
                    err,
                    packet -> classifier.score(packet.cutouts(), packet.survey(), packet.fwhmPixels()),
                    (packet, scored) -> {
                        writer.write(Long.toString(packet.candid()));
                        writer.write(',');
                        writer.write(Float.toString((float) scored.probabilities()[real]));
                        writer.write(',');
                        writer.write(Float.toString((float) scored.uncertainty()));
                        writer.write('\n');
                    });
            if (counts.packets() == 0) {
                throw new IllegalArgumentException("--alerts: no readable packet in " + alerts + " ("
                        + counts.unreadable() + " cannot be read); need Avro packets of ZTF or LSST");
            }
            return counts;
        }
    }
}
