package org.skysieve.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A private server: a child process of the same jar on a free port, with a data folder that goes when it goes. */
final class ServerChild implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final int KEPT_LINES = 30;
    private static final String READY = "Listening on ";

    private final Process process;
    private final Path data;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final Thread atExit = new Thread(this::stop, "stop-private-server");

    private ServerChild(Process process, Path data) {
        this.process = process;
        this.data = data;
        Thread reader = new Thread(this::read, "private-server-output");
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @throws IllegalStateException if this is not a packaged jar, or the server does not start */
    static ServerChild start() throws IOException {
        Path jar = Path.of(System.getProperty("java.class.path", "")).toAbsolutePath();
        if (!jar.toString().endsWith(".jar") || !Files.isReadable(jar)) {
            throw new IllegalStateException("cannot start a private server: not run from the jar; use --url");
        }
        Path data = Files.createTempDirectory("skysieve-simulate-");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(
                        java,
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        jar.toString(),
                        "serve",
                        "--port",
                        "0",
                        "--data",
                        data.toString()))
                .redirectErrorStream(true)
                .start();
        ServerChild child = new ServerChild(process, data);
        try {
            child.address.get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return child;
        } catch (ExecutionException | TimeoutException e) {
            child.close();
            throw new IllegalStateException("the private server did not start:\n" + child.tail(), e);
        } catch (InterruptedException e) {
            child.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the private server started", e);
        }
    }

    String url() {
        return address.join();
    }

    /** The administrator's token. */
    String token() throws IOException {
        return Files.readString(data.resolve("operator-token")).strip();
    }

    /** The last lines that it wrote. */
    String tail() {
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lastLines) {
                    lastLines.add(line);
                    if (lastLines.size() > KEPT_LINES) {
                        lastLines.remove();
                    }
                }
                if (line.startsWith(READY)) {
                    address.complete(line.substring(READY.length()).strip());
                }
            }
        } catch (IOException ended) {
            // It was stopped while it wrote.
        } finally {
            address.completeExceptionally(new IOException("it ended"));
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyExiting) {
            // Then the hook is this thread, or runs beside it and finds nothing left to do.
        }
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            System.err.println("skysieve: could not remove " + data + ": " + e.getMessage());
        }
    }
}
