package org.skysieve.engine.learn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.onnxruntime.OrtEnvironment;

/** The way to ONNX Runtime, which must not be taken blindly. */
final class OnnxRuntimes {
    /**
     * ONNX Runtime 1.29.0 crashes the whole process when it is loaded under a command line of more than 3,980 bytes (found by
     * bisection on Linux x86-64; a long class path is enough). A jar, or an argument file ({@code java @file}), stays below.
     */
    static final int LONGEST_COMMAND_LINE = 3900;

    private OnnxRuntimes() {}

    /** @throws IllegalStateException instead of a crash */
    static OrtEnvironment environment() {
        check(commandLine(Path.of("/proc/self/cmdline")));
        return OrtEnvironment.getEnvironment();
    }

    static void check(long commandLine) {
        if (commandLine > LONGEST_COMMAND_LINE) {
            throw new IllegalStateException(
                    "net: ONNX Runtime cannot be loaded, Java was started with a command line of "
                            + commandLine + " bytes, need at most " + LONGEST_COMMAND_LINE
                            + "; start the jar, or put the options into an argument file (java @file)");
        }
    }

    /** Bytes, or 0 where the system does not tell. */
    static long commandLine(Path file) {
        if (!Files.isReadable(file)) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readAllBytes().length;
        } catch (IOException e) {
            return 0;
        }
    }
}
