package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.CutoutNetTrainer;
import org.skysieve.engine.learn.NetOptions;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.model.SimulatedStamps;

/** Makes the net that fine-tuning starts from, out of the simulated survey alone. */
@Command(
        name = "pretrain",
        description =
                "Train a net on the simulated survey alone: what every fine-tuning starts from. The one that comes"
                        + " with the program was made so (make pretrain). Needs no server.",
        mixinStandardHelpOptions = true)
final class PretrainCommand implements Callable<Integer> {
    private static final int LEAST = 200;
    private static final int MOST = 40_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "Where the net goes: one file.")
    private Path out = Path.of("");

    @Option(
            names = "--simulated",
            paramLabel = "N",
            defaultValue = "" + SimulatedStamps.USUAL,
            description = "Simulated candidates to learn from (default: ${DEFAULT-VALUE}).")
    private int simulatedCount;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How often each is seen, each time turned or mirrored another way (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Of what is drawn at random; the same seed gives the same net on the same kind of machine"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--code",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "The code's version, for the net's provenance (default: that of the program).")
    private String code = "";

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Override
    public Integer call() throws IOException {
        if (simulatedCount < LEAST || simulatedCount > MOST) {
            throw new ParameterException(
                    spec.commandLine(), "--simulated: got " + simulatedCount + ", need " + LEAST + " to " + MOST);
        }
        if (epochs < 1 || epochs > 1000) {
            throw new ParameterException(spec.commandLine(), "--epochs: got " + epochs + ", need 1 to 1000");
        }
        long started = System.nanoTime();
        PrintWriter err = spec.commandLine().getErr();
        List<NetSample> samples;
        try (Progress progress = Progress.start("Simulating candidates", OptionalLong.of(simulatedCount))) {
            samples = SimulatedStamps.make(0, simulatedCount, threads.count(), progress::to);
        }
        CutoutNet net;
        try (Progress progress = Progress.start("Training (per cent)", OptionalLong.of(100))) {
            net = new CutoutNetTrainer(
                            UserCache.CLASSES,
                            NetOptions.ofPretraining(seed).withEpochs(epochs),
                            UserCache.ofUser(err).netProcess())
                    .pretrain(
                            samples,
                            "the simulated survey alone: skysieve pretrain --simulated " + simulatedCount + " --epochs "
                                    + epochs + " --seed " + seed,
                            code.isEmpty() ? Version.ofCode() : code,
                            Instant.EPOCH,
                            share -> progress.to(Math.round(100 * share)));
        }
        WholeFile.write(out, fresh -> Files.write(fresh, net.save()));
        err.println(String.format(
                Locale.ROOT,
                "%s: %d bytes, trained in %.1f s.",
                out,
                Files.size(out),
                (System.nanoTime() - started) / 1e9));
        err.flush();
        return 0;
    }
}
