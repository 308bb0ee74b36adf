package org.skysieve.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --threads} of the commands that need no server: a bound, never a number that changes a result. */
final class ThreadsOption {
    private static final int MOST = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    private int count = 2;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "2",
            description = "Threads at most; they change no number (default: ${DEFAULT-VALUE}).")
    void set(int threads) {
        if (threads < 1 || threads > MOST) {
            throw new ParameterException(spec.commandLine(), "--threads: got " + threads + ", need 1 to " + MOST);
        }
        count = threads;
    }

    int count() {
        return count;
    }
}
