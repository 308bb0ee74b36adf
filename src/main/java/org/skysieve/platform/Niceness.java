package org.skysieve.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

/**
 * How readily a thread leaves the processor to others. Java's thread priorities do nothing on Linux; the kernel's niceness is
 * set here by {@code renice}, which needs no privilege to lower a thread. Threads and processes that the thread starts
 * inherit it.
 */
public final class Niceness {
    private static final Logger LOG = Logger.getLogger(Niceness.class);
    /** The link that names the running thread: {@code <process>/task/<thread>}. */
    private static final Path SELF = Path.of("/proc/thread-self");

    private static final int PATIENCE_SECONDS = 5;

    private Niceness() {}

    /**
     * Makes the calling thread give way to the others of this process and of the machine. Where the system has no such thing,
     * nothing changes.
     *
     * @param nice 0 as others, 19 only what nobody else wants
     * @return whether it was set
     */
    public static boolean ofThisThread(int nice) {
        if (nice < 0 || nice > 19) {
            throw new IllegalArgumentException("niceness must be in 0..19, got " + nice);
        }
        try {
            if (!Files.exists(SELF)) {
                return false;
            }
            String thread = Files.readSymbolicLink(SELF).getFileName().toString();
            Process renice = new ProcessBuilder("renice", "-n", Integer.toString(nice), "-p", thread)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = renice.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                renice.destroyForcibly();
            }
            return ended && renice.exitValue() == 0;
        } catch (IOException e) {
            LOG.infof(
                    "No niceness for a background thread: thread=%s reason=\"%s\"",
                    Thread.currentThread().getName(), e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
