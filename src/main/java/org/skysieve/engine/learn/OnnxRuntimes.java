package org.skysieve.engine.learn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** The way to ONNX Runtime, which must not be taken blindly. */
final class OnnxRuntimes {
    /**
     * ONNX Runtime 1.29.0 crashes the whole process when it is loaded under a command line of more than 3,980 bytes (found by
     * bisection on Linux x86-64; a long class path is enough). A jar, or an argument file ({@code java @file}), stays below.
     */
    static final int LONGEST_COMMAND_LINE = 3900;

    private static final Cleaner CLEANER = Cleaner.create();

    private OnnxRuntimes() {}

    /**
     * A session on the caller's thread alone.
     *
     * @throws IllegalArgumentException if ONNX Runtime does not take the graph
     */
    static OrtSession session(byte[] graph) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return environment().createSession(graph, options);
        } catch (OrtException e) {
            throw new IllegalArgumentException("onnx: ONNX Runtime does not take it: " + e.getMessage(), e);
        }
    }

    /** Frees native memory once nobody can reach its owner any more; {@code held} must not lead to the owner. */
    static void closeWith(Object owner, AutoCloseable... held) {
        CLEANER.register(owner, () -> {
            for (AutoCloseable one : held) {
                try {
                    one.close();
                } catch (Exception e) {
                    throw new IllegalStateException("onnx: native memory was not freed", e);
                }
            }
        });
    }

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
