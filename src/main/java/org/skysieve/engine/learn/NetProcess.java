package org.skysieve.engine.learn;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/**
 * Runs {@link NetWorker} in a process of its own, from the jars that this process runs from: at the lowest priority, on
 * one thread, for a bounded time, in bounded memory (native memory too: its resident set is read twice a second), one
 * at a time on this machine and user. It dies with this process. libtorch is loaded there and nowhere else.
 *
 * @param cache where libtorch is unpacked once (432 MB), and the lock that keeps trainings apart
 * @param mostMemory resident bytes of the worker, beyond which it is killed
 * @param mostTime from its start, after which it is killed
 * @param patience how long to wait while another training runs
 */
public record NetProcess(Path cache, long mostMemory, Duration mostTime, Duration patience) {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int KEPT_LINES = 30;

    /** What the Java of the worker takes beside its samples. */
    private static final long HEAP = 200L << 20;

    /** With 1.5 GB, which six thousand samples need half of; 20 minutes; and half an hour's patience. */
    public static NetProcess in(Path cache) {
        return new NetProcess(cache, 1536L << 20, Duration.ofMinutes(20), Duration.ofMinutes(30));
    }

    /** Is told of the worker once it runs: for those who stop it. */
    interface Started extends Consumer<ProcessHandle> {}

    NetJob.Result run(NetJob job, DoubleConsumer progress) {
        return run(job, progress, process -> {});
    }

    /**
     * @param progress told the share that is done, in [0, 1]
     * @throws TrainingFailed without a result
     */
    NetJob.Result run(NetJob job, DoubleConsumer progress, Started started) {
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve("training.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                assert lock.isValid();
                Path folder = Files.createTempDirectory(cache, "training-");
                try {
                    return run(job, folder, progress, started);
                } finally {
                    remove(folder);
                }
            }
        } catch (IOException e) {
            throw new TrainingFailed(
                    TrainingFailed.Reason.NOT_STARTED, "cannot work in " + cache + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainingFailed(TrainingFailed.Reason.ENDED, "interrupted", e);
        }
    }

    private FileLock lock(FileChannel channel) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException thisProcess) {
                lock = null;
            }
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() > end) {
                throw new TrainingFailed(
                        TrainingFailed.Reason.BUSY, "another one has been running for " + patience.toSeconds() + " s");
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private NetJob.Result run(NetJob job, Path folder, DoubleConsumer progress, Started started)
            throws IOException, InterruptedException {
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(folder.resolve(NetWorker.JOB)), 1 << 16))) {
            job.write(out);
        }
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command(job, folder)).redirectError(errors.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("MKL_NUM_THREADS", "1");
        Process process = builder.start();
        try {
            Thread reader = new Thread(() -> follow(process, progress), "training-progress");
            reader.setDaemon(true);
            reader.start();
            started.accept(process.toHandle());
            watch(process);
            if (process.exitValue() != 0) {
                throw new TrainingFailed(
                        TrainingFailed.Reason.ENDED,
                        "its process ended with code " + process.exitValue() + tail(errors));
            }
        } finally {
            process.destroyForcibly();
        }
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(Files.newInputStream(folder.resolve(NetWorker.RESULT)), 1 << 16))) {
            return NetJob.Result.read(in);
        }
    }

    private void watch(Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + mostTime.toNanos();
        while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            long resident = resident(process.pid());
            if (resident > mostMemory) {
                process.destroyForcibly().waitFor();
                throw new TrainingFailed(
                        TrainingFailed.Reason.OUT_OF_MEMORY,
                        "it took " + (resident >> 20) + " MB, may take " + (mostMemory >> 20));
            }
            if (System.nanoTime() > end) {
                process.destroyForcibly().waitFor();
                throw new TrainingFailed(
                        TrainingFailed.Reason.OUT_OF_TIME,
                        "it ran for " + mostTime.toSeconds() + " s, which is all it may");
            }
        }
    }

    /** Resident bytes; 0 where the system does not tell or the process is gone. */
    private static long resident(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static void follow(Process process, DoubleConsumer progress) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                progress.accept(Double.parseDouble(line.substring(0, line.indexOf(' '))));
            }
        } catch (IOException ended) {
            // It was stopped while it wrote.
        }
    }

    List<String> command(NetJob job, Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/nice"))) {
            command.addAll(List.of("/usr/bin/nice", "-n", "19"));
        }
        long heap = HEAP + 2 * job.samples().size() * NetJob.bytesPerSample();
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (heap >> 20) + "m",
                "-XX:+UseSerialGC",
                "-XX:ActiveProcessorCount=1",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.pytorch.num_threads=1",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-DENGINE_CACHE_DIR=" + cache.toAbsolutePath().resolve("libtorch"),
                "-DDJL_CACHE_DIR=" + cache.toAbsolutePath().resolve("libtorch"),
                "-cp",
                classPath(),
                NetWorker.class.getName(),
                folder.toAbsolutePath().toString()));
        return command;
    }

    /** The jars around this class: packed, {@code app/} has a neighbour {@code lib/}; else what Java was started with. */
    static String classPath() throws IOException {
        Path own;
        try {
            own = Path.of(NetProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("the place of the program is no path", e);
        }
        Path libraries = own.resolveSibling("..").resolve("lib").normalize();
        if (Files.isRegularFile(own) && Files.isDirectory(libraries.resolve("main"))) {
            return String.join(
                    File.pathSeparator,
                    own.toString(),
                    libraries.resolve("main").toString() + File.separator + "*",
                    libraries.resolve("boot").toString() + File.separator + "*");
        }
        return System.getProperty("java.class.path", "");
    }

    private static String tail(Path errors) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(errors, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last.add(line);
                if (last.size() > KEPT_LINES) {
                    last.remove();
                }
            }
        }
        return last.isEmpty() ? "" : "; it said:\n" + String.join("\n", last);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
