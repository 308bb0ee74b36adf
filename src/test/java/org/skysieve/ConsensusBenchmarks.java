package org.skysieve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;

import org.skysieve.engine.consensus.ConsensusInput;
import org.skysieve.engine.consensus.ConsensusMethod;
import org.skysieve.engine.consensus.ConsensusMethods;
import org.skysieve.engine.consensus.ConsensusResult;
import org.skysieve.engine.consensus.ConsensusSettings;
import org.skysieve.engine.consensus.LiveConsensus;
import org.skysieve.engine.consensus.Vote;
import org.skysieve.engine.consensus.VoteTable;

/**
 * Measures the consensus engine for {@code bench/consensus}: a table, flat JSON on request. CPU seconds are those of the
 * whole process, so a fit that uses more threads or leaves more garbage pays for it.
 */
public final class ConsensusBenchmarks {
    private static final int WORKERS = 20_000;
    private static final int VOTES_A_TASK = 5;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final boolean quick;
    private final ConsensusMethod method;
    private final Map<String, Object> figures = new TreeMap<>();

    private ConsensusBenchmarks(boolean quick, ConsensusMethod method) {
        this.quick = quick;
        this.method = method;
    }

    /** @param args {@code [--quick] [--json FILE] [--peers] [--method NAME]} */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean quick = false;
        boolean peers = false;
        Path json = null;
        String method = "auto";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--peers" -> peers = true;
                case "--json" -> json = Path.of(args[++i]);
                case "--method" -> method = args[++i];
                default -> throw new IllegalArgumentException("bench/consensus: unknown option " + args[i]);
            }
        }
        ConsensusBenchmarks benchmarks = new ConsensusBenchmarks(quick, ConsensusMethods.byName(method));
        benchmarks.run(peers);
        if (json != null) {
            Files.writeString(
                    json,
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(benchmarks.figures) + "\n");
        }
    }

    private void run(boolean peers) throws IOException, InterruptedException {
        String machine = SYSTEM.getAvailableProcessors() + " cores, " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.specification.version") + ", load "
                + String.format(Locale.ROOT, "%.1f", SYSTEM.getSystemLoadAverage());
        System.out.println("On " + machine + (quick ? " (quick: expect 20 % of scatter)" : ""));
        System.out.println("Votes: 2 classes, " + WORKERS + " workers, " + VOTES_A_TASK + " votes a task, simulated");
        figures.put("machine", machine);

        Crowd million = Crowd.simulated(1_000_000, 1);
        ConsensusResult result = method.fit(million.input());
        figures.put("method", result.method());
        row("method " + method.name() + " took", result.method(), "");
        row("accuracy on the simulated truth", "%.4f", million.accuracy(result), "");
        warmUp(million);
        double fit = fitCpuSeconds(million, quick ? 3 : 9);
        figure("fitCpuSeconds1M", "fit of 1 M labels, CPU", "%.3f", fit, "s");
        figure("fitPeakMb1M", "peak above the input, 1 M labels", "%.1f", peakMb(million), "MB");
        figure("updateMedianMicros", "live update, median", "%.2f", updateMedianMicros(), "us");
        if (peers) {
            peers(million, fit);
        }
        Crowd tenMillion = Crowd.simulated(10_000_000, 2);
        double large = fitCpuSeconds(tenMillion, quick ? 1 : 3);
        figure("fitCpuSeconds10M", "fit of 10 M labels, CPU", "%.3f", large, "s");
        row("10 M against 1 M (linear: 10)", "%.1f", large / fit, "x");
    }

    private record Crowd(VoteTable votes, int[] truth, int[] flat) {
        /** Two-coin workers, right in 55 to 95 % of each class; a third of the tasks is of class 1. */
        static Crowd simulated(int labels, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] right = new double[2 * WORKERS];
            Arrays.setAll(right, i -> 0.55 + 0.4 * random.nextDouble());
            int tasks = labels / VOTES_A_TASK;
            int[] truth = new int[tasks];
            int[] task = new int[labels];
            int[] worker = new int[labels];
            int[] label = new int[labels];
            int[] flat = new int[3 * labels];
            for (int c = 0; c < tasks; c++) {
                truth[c] = random.nextInt(3) == 0 ? 1 : 0;
                int first = random.nextInt(WORKERS);
                for (int v = 0; v < VOTES_A_TASK; v++) {
                    int i = c * VOTES_A_TASK + v;
                    task[i] = c;
                    // Distinct workers, so that no vote is a duplicate.
                    worker[i] = (first + v * (WORKERS / VOTES_A_TASK)) % WORKERS;
                    label[i] = random.nextDouble() < right[2 * worker[i] + truth[c]] ? truth[c] : 1 - truth[c];
                    flat[3 * i] = task[i];
                    flat[3 * i + 1] = worker[i];
                    flat[3 * i + 2] = label[i];
                }
            }
            return new Crowd(VoteTable.of(tasks, WORKERS, 2, task, worker, label), truth, flat);
        }

        ConsensusInput input() {
            return ConsensusInput.of(votes);
        }

        double accuracy(ConsensusResult result) {
            int right = 0;
            for (int c = 0; c < truth.length; c++) {
                right += result.posteriors().leading(c) == truth[c] ? 1 : 0;
            }
            return right / (double) truth.length;
        }
    }

    /** Until the compiler has seen it all, within bounds. */
    private void warmUp(Crowd crowd) {
        long end = System.nanoTime() + (quick ? 5_000_000_000L : 15_000_000_000L);
        for (int i = 0; i < 100 && System.nanoTime() < end; i++) {
            method.fit(crowd.input());
        }
    }

    /** The median of so many runs, or of fewer where they take too long. */
    private double fitCpuSeconds(Crowd crowd, int runs) {
        double[] seconds = new double[runs];
        int done = 0;
        for (long end = System.nanoTime() + (quick ? 4_000_000_000L : 60_000_000_000L);
                done < runs && (done == 0 || System.nanoTime() < end);
                done++) {
            ConsensusInput input = crowd.input();
            System.gc();
            long before = SYSTEM.getProcessCpuTime();
            ConsensusResult result = method.fit(input);
            seconds[done] = (SYSTEM.getProcessCpuTime() - before) / 1e9;
            if (result.posteriors().candidates() != crowd.truth.length) {
                throw new IllegalStateException("bench/consensus: the fit lost candidates");
            }
        }
        return median(Arrays.copyOf(seconds, done));
    }

    /** What is alive during a fit beyond what was before: the heap right after collections in quick succession. */
    private double peakMb(Crowd crowd) throws InterruptedException {
        ConsensusInput input = crowd.input();
        long before = aliveBytes();
        AtomicLong peak = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Thread watch = new Thread(() -> {
            while (!done.get()) {
                peak.accumulateAndGet(aliveBytes(), Math::max);
            }
        });
        watch.start();
        double largest = 0;
        for (int i = 0; i < (quick ? 1 : 3); i++) {
            ConsensusResult result = method.fit(input);
            peak.accumulateAndGet(aliveBytes(), Math::max);
            largest = Math.max(largest, peak.get() - before);
            if (result.posteriors().candidates() == 0) {
                throw new IllegalStateException("bench/consensus: the fit lost its candidates");
            }
        }
        done.set(true);
        watch.join();
        return largest / 1e6;
    }

    private static long aliveBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Votes come in at random to 20,000 candidates of 2,000 volunteers, five each: each is timed. */
    private double updateMedianMicros() {
        double[] micros = new double[0];
        for (int round = 0; round < (quick ? 3 : 8); round++) {
            LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(2));
            SplittableRandom random = new SplittableRandom(round);
            int votes = 100_000;
            micros = new double[votes];
            for (int i = 0; i < votes; i++) {
                int candidate = random.nextInt(20_000);
                int truth = candidate % 3 == 0 ? 1 : 0;
                int answer = random.nextDouble() < 0.8 ? truth : 1 - truth;
                Vote vote = Vote.of(candidate, random.nextInt(2_000), answer);
                long started = System.nanoTime();
                live.vote(vote, null);
                micros[i] = (System.nanoTime() - started) / 1e3;
            }
        }
        return median(micros);
    }

    /** Runs crowd-kit on the same votes; says so where that cannot be, which is no failure. */
    private void peers(Crowd crowd, double ours) throws IOException, InterruptedException {
        String python = System.getenv().getOrDefault("PYTHON", "python3");
        Path votes = Files.createTempFile("skysieve-votes", ".bin");
        Path truth = Files.createTempFile("skysieve-truth", ".bin");
        try {
            Files.write(votes, littleEndian(crowd.flat));
            Files.write(truth, littleEndian(crowd.truth));
            Process process;
            try {
                process = new ProcessBuilder(
                                python, "bench/peers/crowdkit_consensus.py", votes.toString(), truth.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException noPython) {
                System.out.println(
                        "  peers: not measured, " + python + " cannot be run (" + noPython.getMessage() + ")");
                return;
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode peer = new ObjectMapper().readTree(line);
                    double seconds = peer.path("cpuSeconds").asDouble();
                    String name = peer.path("name").asText();
                    System.out.printf(
                            Locale.ROOT,
                            "  %-40s %10.3f s   %6.1f x ours, accuracy %.4f%n",
                            "crowd-kit " + peer.path("version").asText() + " " + name,
                            seconds,
                            seconds / ours,
                            peer.path("accuracy").asDouble());
                    figures.put("crowdkit" + name + "CpuSeconds1M", seconds);
                    figures.put("crowdkit" + name + "Ratio", seconds / ours);
                }
            }
            int exitCode = process.waitFor();
            if (exitCode == 3) {
                System.out.println(
                        "  peers: not measured, crowd-kit is not installed for " + python + " (set $PYTHON)");
            } else if (exitCode != 0) {
                throw new IllegalStateException("bench/consensus: crowd-kit failed with exit code " + exitCode);
            }
        } finally {
            Files.deleteIfExists(votes);
            Files.deleteIfExists(truth);
        }
    }

    private static byte[] littleEndian(int[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void figure(String key, String what, String format, double value, String unit) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalStateException("bench/consensus: could not measure " + what + ": got " + value);
        }
        figures.put(key, value);
        row(what, format, value, unit);
    }

    private static void row(String what, String format, double value, String unit) {
        row(what, String.format(Locale.ROOT, format, value), unit);
    }

    private static void row(String what, String value, String unit) {
        System.out.printf(Locale.ROOT, "  %-40s %10s %s%n", what, value, unit);
    }
}
