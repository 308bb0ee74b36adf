package org.skysieve.platform;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of our own, for running Skysieve as one process on one machine.
 *
 * <p>The cluster lives in a folder that survives restarts and {@code kill -9}: fsync and full page writes stay on, the
 * server listens on loopback only and wants a SCRAM password. The server is told by the kernel to stop when the thread
 * that forked it ends ({@code setpriv --pdeathsig}); an orphan that is left all the same is stopped at the next start.
 * The folder is locked while it is in use. PostgreSQL refuses root: as root the server runs in a user namespace without
 * privileges.
 *
 * <pre>
 *   start: lock folder -> unpack binaries (once a machine) -> initdb (once a folder) -> stop orphan -> fork -> ready
 *   close: SIGINT (fast shutdown) -> wait -> SIGQUIT
 * </pre>
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String VERSION = "18.6.0";
    private static final String USER = "skysieve";
    private static final String DATABASE = "skysieve";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final long LOG_LIMIT_BYTES = 10L << 20;

    private final FolderLock lock;
    private final Process server;
    private final CountDownLatch keepForkingThread;
    private final int port;
    private final String password;
    private final Thread shutdownHook;

    private EmbeddedPostgres(
            FolderLock lock, Process server, CountDownLatch keepForkingThread, int port, String password) {
        this.lock = lock;
        this.server = server;
        this.keepForkingThread = keepForkingThread;
        this.port = port;
        this.password = password;
        this.shutdownHook = new Thread(this::stopServer, "embedded-postgres-stop");
    }

    /**
     * Starts the server on the cluster in {@code folder}, creating it first if need be; returns once it accepts
     * connections.
     *
     * @param folder an own folder for the cluster, its password and its log
     * @param progress told in a few words what takes time
     * @throws IllegalStateException if the folder is in use, this platform has no binaries, or the server does not start
     */
    public static EmbeddedPostgres start(Path folder, Consumer<String> progress) {
        try {
            Files.createDirectories(folder);
            FolderLock lock = FolderLock.acquire(folder);
            try {
                return startLocked(folder.toRealPath(), progress, lock);
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL in " + folder + ": " + failure.getMessage(), failure);
        }
    }

    private static EmbeddedPostgres startLocked(Path folder, Consumer<String> progress, FolderLock lock)
            throws IOException {
        Path binaries = unpackedBinaries(progress);
        String password = password(folder);
        Path cluster = folder.resolve("cluster");
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            progress.accept("Creating the database (once)");
            createCluster(binaries, folder, cluster);
        }
        stopOrphan(cluster, progress);

        Path log = folder.resolve("postgres.log");
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(log, folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        int port = freePort();
        List<String> command = List.of(
                binaries.resolve("bin/postgres").toString(),
                "-D",
                cluster.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=256MB",
                "-c",
                "max_connections=100",
                // Each checkpoint has every page written whole once after it: with the usual 1 GB a busy night had one
                // a minute.
                "-c",
                "max_wal_size=4GB",
                "-c",
                "checkpoint_timeout=15min",
                "-c",
                "wal_buffers=16MB",
                // Short statements: compiling one costs more than it runs.
                "-c",
                "jit=off",
                "-c",
                "timezone=UTC",
                "-c",
                "log_timezone=UTC");
        ProcessBuilder builder = new ProcessBuilder(unprivileged(command, true));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));

        // The kernel's parent-death signal follows the forking thread, not the process: that thread has to stay.
        CountDownLatch keepForkingThread = new CountDownLatch(1);
        CompletableFuture<Process> forked = new CompletableFuture<>();
        Thread forking = new Thread(
                () -> {
                    try {
                        forked.complete(builder.start());
                        keepForkingThread.await();
                    } catch (IOException failure) {
                        forked.completeExceptionally(failure);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                },
                "embedded-postgres");
        forking.setDaemon(true);
        forking.start();
        Process server = forked.join();

        EmbeddedPostgres postgres = new EmbeddedPostgres(lock, server, keepForkingThread, port, password);
        try {
            postgres.awaitReady(log);
        } catch (RuntimeException failure) {
            postgres.stopServer();
            throw failure;
        }
        Runtime.getRuntime().addShutdownHook(postgres.shutdownHook);
        return postgres;
    }

    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    public String username() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Stops the server with a fast shutdown (open transactions are rolled back) and frees the folder. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook does the same work; stopServer tolerates both.
        }
        stopServer();
    }

    private void stopServer() {
        try {
            if (server.isAlive()) {
                signal(server.pid(), "INT");
                if (!server.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    signal(server.pid(), "QUIT");
                    server.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            keepForkingThread.countDown();
            lock.close();
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void awaitReady(Path log) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        SQLException last = null;
        while (System.nanoTime() < deadline) {
            if (!server.isAlive()) {
                throw new IllegalStateException(
                        "embedded PostgreSQL stopped with exit code " + server.exitValue() + "; its log is " + log);
            }
            try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
                    Statement statement = connection.createStatement()) {
                if (!statement
                        .executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")
                        .next()) {
                    statement.execute("CREATE DATABASE " + DATABASE);
                }
                return;
            } catch (SQLException notYet) {
                last = notYet;
                pause();
            }
        }
        throw new IllegalStateException(
                "embedded PostgreSQL was not ready within " + START_PATIENCE.toSeconds() + " s; its log is " + log,
                last);
    }

    private static void createCluster(Path binaries, Path folder, Path cluster) throws IOException {
        // A folder of its own until it is complete: a kill in the middle must not leave half a cluster.
        Path building = folder.resolve("cluster.building");
        deleteTree(building);
        List<String> command = List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + building,
                "--username=" + USER,
                "--pwfile=" + passwordFile(folder),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        Path log = folder.resolve("initdb.log");
        Process initdb = new ProcessBuilder(unprivileged(command, false))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!initdb.waitFor(3, TimeUnit.MINUTES)) {
                initdb.destroyForcibly();
                throw new IllegalStateException("initdb did not finish within 3 minutes; its log is " + log);
            }
        } catch (InterruptedException stopped) {
            initdb.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating the database", stopped);
        }
        if (initdb.exitValue() != 0) {
            throw new IllegalStateException("initdb failed with exit code " + initdb.exitValue() + ": "
                    + Files.readString(log).strip());
        }
        Files.move(building, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Stops a server that outlived its application; we hold the folder's lock, so it belongs to nobody. */
    private static void stopOrphan(Path cluster, Consumer<String> progress) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> orphan = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                        .filter(process -> commandLine(process.pid()).contains(cluster.toString()));
        if (orphan.isEmpty()) {
            // A stale file: PostgreSQL would refuse to start if the id now belongs to another process of ours.
            Files.deleteIfExists(pidFile);
            return;
        }
        progress.accept("Stopping the database server that an earlier run left");
        for (String name : List.of("INT", "QUIT", "KILL")) {
            signal(orphan.get().pid(), name);
            long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
            while (orphan.get().isAlive() && System.nanoTime() < deadline) {
                pause();
            }
            if (!orphan.get().isAlive()) {
                return;
            }
        }
        throw new IllegalStateException(
                "the database server " + orphan.get().pid() + " of an earlier run does not stop; end it by hand");
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    private static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException failure) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> unprivileged(List<String> command, boolean dieWithParent) {
        List<String> full = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // An unmapped user namespace: the same files, no privileges, and PostgreSQL no longer sees uid 0.
            full.addAll(List.of(tool("unshare"), "-U", "--"));
        }
        Path setpriv = Path.of(tool("setpriv"));
        if (dieWithParent && Files.isExecutable(setpriv)) {
            full.addAll(List.of(setpriv.toString(), "--pdeathsig", "INT", "--"));
        }
        full.addAll(command);
        return full;
    }

    private static String tool(String name) {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return name;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path passwordFile(Path folder) {
        return folder.resolve("password");
    }

    private static String password(Path folder) throws IOException {
        Path file = passwordFile(folder);
        if (!Files.exists(file)) {
            byte[] secret = new byte[24];
            new SecureRandom().nextBytes(secret);
            Path fresh = folder.resolve("password.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, HexFormat.of().formatHex(secret));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    /** The server's binaries, unpacked once a machine and user into the cache folder. */
    private static Path unpackedBinaries(Consumer<String> progress) throws IOException {
        String resource = resource();
        Path cache = cacheFolder();
        Path target = cache.resolve("postgres-" + VERSION);
        if (Files.isDirectory(target)) {
            return target;
        }
        progress.accept("Unpacking PostgreSQL " + VERSION + " (once)");
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, "postgres-unpacking-");
        try (InputStream packed = EmbeddedPostgres.class.getResourceAsStream("/" + resource)) {
            if (packed == null) {
                throw new IllegalStateException("the jar holds no " + resource);
            }
            untar(packed, fresh);
        }
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException failure) {
            throw failure;
        } catch (IOException somebodyWasFaster) {
            deleteTree(fresh);
            if (!Files.isDirectory(target)) {
                throw somebodyWasFaster;
            }
        }
        return target;
    }

    private static String resource() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!os.equals("Linux")) {
            throw new IllegalStateException("no embedded PostgreSQL for " + os
                    + ": set quarkus.datasource.jdbc.url (and username, password) to a server of your own");
        }
        return switch (arch) {
            case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
            case "aarch64" -> "postgres-linux-arm_64.txz";
            default ->
                throw new IllegalStateException("no embedded PostgreSQL for " + os + " on " + arch
                        + ": set quarkus.datasource.jdbc.url (and username, password) to a server of your own");
        };
    }

    private static Path cacheFolder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("skysieve");
    }

    private static void untar(InputStream packed, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed, 1 << 16)))) {
            @Nullable TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("archive entry leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(parent(path));
                    try {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } catch (FileAlreadyExistsException twice) {
                        continue;
                    }
                } else if (entry.isFile()) {
                    Files.createDirectories(parent(path));
                    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent folder");
        }
        return parent;
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL", stopped);
        }
    }
}
