package org.skysieve.engine.consensus;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One live update: a volunteer changes an answer on one of 20,000 candidates with 5 votes each by 2,000 volunteers; the
 * candidate is judged anew and its soft counts move. Also a refit of all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LiveConsensusBenchmark {
    private static final int CANDIDATES = 20_000;
    private static final int VOLUNTEERS = 2_000;
    private static final int VOTES = 5;

    @Param({"2", "5"})
    public int classes = 2;

    private LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(2));
    private SplittableRandom random = new SplittableRandom(1);

    @Setup
    public void setUp() {
        live = new LiveConsensus(ConsensusSettings.defaults(classes));
        random = new SplittableRandom(1);
        for (int c = 0; c < CANDIDATES; c++) {
            int truth = random.nextInt(classes);
            double[] model = new double[classes];
            java.util.Arrays.fill(model, 0.1 / (classes - 1));
            model[random.nextDouble() < 0.9 ? truth : random.nextInt(classes)] = 0.9;
            for (int v = 0; v < VOTES; v++) {
                int answer = random.nextDouble() < 0.85 ? truth : random.nextInt(classes);
                live.vote(Vote.of(c, volunteer(c, v), answer), v == 0 && valid(model) ? model : null);
            }
        }
    }

    private boolean valid(double[] model) {
        double sum = 0;
        for (double p : model) {
            sum += p;
        }
        return Math.abs(sum - 1) < 1e-6;
    }

    private static long volunteer(int candidate, int place) {
        return (candidate * 7L + place * 401L) % VOLUNTEERS;
    }

    @Benchmark
    public ConsensusUpdate changedAnswer() {
        int c = random.nextInt(CANDIDATES);
        return live.vote(Vote.of(c, volunteer(c, random.nextInt(VOTES)), random.nextInt(classes)), null);
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Refit refit() {
        return live.refit();
    }

    /** A quick look without JMH: prints the median of an update in microseconds, and the processor time of a refit. */
    public static void main(String[] args) {
        for (int classes : new int[] {2, 5}) {
            LiveConsensusBenchmark benchmark = new LiveConsensusBenchmark();
            benchmark.classes = classes;
            benchmark.setUp();
            for (int i = 0; i < 300_000; i++) {
                benchmark.changedAnswer();
            }
            long[] nanos = new long[200_000];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                benchmark.changedAnswer();
                nanos[i] = System.nanoTime() - start;
            }
            java.util.Arrays.sort(nanos);
            long start = cpu();
            Refit refit = benchmark.refit();
            System.out.printf(
                    "%d classes: update median %.2f us, p99 %.2f us; refit of %d votes %d ms in %d sweeps%n",
                    classes,
                    nanos[nanos.length / 2] / 1e3,
                    nanos[nanos.length * 99 / 100] / 1e3,
                    CANDIDATES * VOTES,
                    (cpu() - start) / 1_000_000,
                    refit.sweeps());
        }
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
