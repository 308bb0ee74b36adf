package org.skysieve.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code skysieve} command. Only {@code serve} and {@code demo} boot the server; the others are plain Java. */
@QuarkusMain
@Command(
        name = "skysieve",
        description = "Skysieve: volunteers, consensus and classifiers in one loop for transient surveys.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Demo.class,
            Serve.class,
            IngestCommand.class,
            OutcomesCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            TokenCommand.class,
            ConsensusCommand.class,
            TrainCutoutsCommand.class,
            PretrainCommand.class,
            ScoreCommand.class,
            LearnCommand.class,
            SimulateCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Skysieve implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Skysieve())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    // What a user can act on is the message; the stack is for whoever asks for it.
                    command.getErr().println("skysieve: " + message(failure));
                    if (System.getenv("SKYSIEVE_TRACE") != null) {
                        failure.printStackTrace(command.getErr());
                    }
                    return 1;
                })
                .setUsageHelpAutoWidth(true);
    }

    private static String message(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
