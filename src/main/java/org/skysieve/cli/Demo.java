package org.skysieve.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the server with a project to try. */
@Command(
        name = "demo",
        description = "Run the server with a demo project: a simulated survey, or alerts of your own.",
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(
            names = "--alerts",
            paramLabel = "DIR",
            description =
                    "Folder, archive (.tar, .tar.gz) or file of ZTF or LSST alert packets (Avro) to use instead of the"
                            + " simulated survey.")
    private @Nullable Path alerts;

    @Option(
            names = "--gold",
            paramLabel = "CSV",
            description =
                    "Gold standards for --alerts: a CSV with the columns candid and label (real or bogus). Where it"
                            + " names more than half of the candidates, a fifth of those become gold standards and the"
                            + " rest is left to classify.")
    private @Nullable Path gold;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Simulated candidates (default: ${DEFAULT-VALUE}).",
            defaultValue = "600")
    private int candidates;

    @Override
    public Integer call() throws Exception {
        mustExist("--alerts", alerts);
        mustExist("--gold", gold);
        if (candidates < 1 || candidates > 1_000_000) {
            throw new ParameterException(spec.commandLine(), "--candidates: got " + candidates + ", need 1 to 1000000");
        }
        System.setProperty("skysieve.demo.enabled", "true");
        System.setProperty("skysieve.demo.candidates", Integer.toString(candidates));
        if (alerts != null) {
            System.setProperty("skysieve.demo.alerts", alerts.toAbsolutePath().toString());
        }
        if (gold != null) {
            System.setProperty("skysieve.demo.gold", gold.toAbsolutePath().toString());
        }
        return ServerProcess.run(options);
    }

    private void mustExist(String option, @Nullable Path path) {
        if (path != null && !Files.isReadable(path)) {
            throw new ParameterException(spec.commandLine(), option + ": cannot read " + path);
        }
    }
}
