package org.skysieve.engine.consensus;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A million labels of two classes on 200,000 candidates by 20,000 volunteers, fitted to convergence by one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class DawidSkeneBenchmark {
    private VoteTable votes = table(1_000);

    @Setup
    public void setUp() {
        votes = table(1_000_000);
    }

    @Benchmark
    public DawidSkene.Fit hierarchical() {
        return DawidSkene.hierarchical().fit(votes);
    }

    @Benchmark
    public Posteriors majority() {
        return MajorityVote.fit(votes);
    }

    private static VoteTable table(int labels) {
        SplittableRandom random = new SplittableRandom(1);
        int candidates = labels / 5;
        int volunteers = Math.max(20, labels / 50);
        int[] candidate = new int[labels];
        int[] volunteer = new int[labels];
        int[] answer = new int[labels];
        for (int i = 0; i < labels; i++) {
            candidate[i] = i / 5;
            volunteer[i] = random.nextInt(volunteers);
            double right = 0.65 + 0.3 * (volunteer[i] % 10) / 10;
            answer[i] = random.nextDouble() < right ? candidate[i] % 2 : 1 - candidate[i] % 2;
        }
        return VoteTable.of(candidates, volunteers, 2, candidate, volunteer, answer);
    }

    /** A quick look without JMH: prints milliseconds of processor time. */
    public static void main(String[] args) {
        DawidSkeneBenchmark benchmark = new DawidSkeneBenchmark();
        benchmark.setUp();
        for (int i = 0; i < 3; i++) {
            long start = cpu();
            DawidSkene.Fit fit = benchmark.hierarchical();
            System.out.printf(
                    "1,000,000 labels: %d ms, %d sweeps, converged %s%n",
                    (cpu() - start) / 1_000_000, fit.sweeps(), fit.converged());
        }
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
