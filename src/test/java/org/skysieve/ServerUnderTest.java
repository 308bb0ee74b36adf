package org.skysieve;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** The packaged jar as a process of its own, for integration tests: started, killed and started again. */
public final class ServerUnderTest implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final int KEPT_LINES = 400;

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile @Nullable String address;

    private ServerUnderTest(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "server-under-test-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code skysieve <command>}; returns once it listens.
     *
     * @param data the data folder
     * @param properties system properties of the server
     */
    public static ServerUnderTest start(Path data, Map<String, String> properties, String... command)
            throws IOException {
        Path jar = Path.of(System.getProperty("skysieve.jar", "target/quarkus-app/quarkus-run.jar"));
        if (!Files.isReadable(jar)) {
            throw new IllegalStateException("no packaged jar at " + jar.toAbsolutePath() + ": run mvn package first");
        }
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Xmx768m");
        line.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        properties.forEach((key, value) -> line.add("-D" + key + "=" + value));
        line.add("-jar");
        line.add(jar.toString());
        line.addAll(List.of(command));
        line.add("--data");
        line.add(data.toString());
        ServerUnderTest server = new ServerUnderTest(
                new ProcessBuilder(line).redirectErrorStream(true).start());
        try {
            if (!server.ready.await(START_PATIENCE.toSeconds(), TimeUnit.SECONDS) || server.address == null) {
                throw new IllegalStateException("the server did not say where it listens:\n" + server.tail());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (IllegalStateException failure) {
            server.close();
            throw failure;
        }
        return server;
    }

    /** Such as {@code http://127.0.0.1:40123}. */
    public String address() {
        String known = address;
        if (known == null) {
            throw new IllegalStateException("the server does not listen");
        }
        return known;
    }

    public int port() {
        return Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    }

    public long pid() {
        return process.pid();
    }

    /** The password that the server printed for one of its first accounts. */
    public String password(String username) {
        String password = passwords.get(username);
        if (password == null) {
            throw new IllegalStateException("no sign-in of " + username + " was printed:\n" + tail());
        }
        return password;
    }

    /** As {@code kill -9}: no shutdown hook runs. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The last lines that the server wrote. */
    public String tail() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Takes a data folder away, after its server has ended. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                synchronized (output) {
                    output.add(line);
                    if (output.size() > KEPT_LINES) {
                        output.remove(0);
                    }
                }
                String[] words = line.strip().split("\\s+");
                if (words.length == 3 && words[0].matches("volunteer|scientist|moderator|administrator")) {
                    passwords.put(words[1], words[2]);
                }
                if (line.startsWith("Listening on ")) {
                    address = line.substring("Listening on ".length()).strip();
                    ready.countDown();
                }
            }
        } catch (IOException closed) {
            // The process ended in the middle of a line.
        } finally {
            ready.countDown();
        }
    }
}
