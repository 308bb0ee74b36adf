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
 * Every algorithm on a million labels of two classes on 200,000 candidates by 20,000 volunteers (ten times as much for the
 * default), one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class ConsensusFitBenchmark {
    @Param({
        "auto",
        "majority",
        "wawa",
        "one-coin",
        "dawid-skene",
        "hierarchical",
        "ibcc",
        "ebcc",
        "mace",
        "glad",
        "swap"
    })
    String method = "auto";

    @Param({"1000000"})
    int labels = 1_000_000;

    private ConsensusInput input = ConsensusInput.of(table(100));

    @Setup
    public void setUp() {
        input = ConsensusInput.of(table(labels));
    }

    @Benchmark
    public ConsensusResult fit() {
        return ConsensusMethods.byName(method).fit(input);
    }

    private static VoteTable table(int labels) {
        SplittableRandom random = new SplittableRandom(1);
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
        return VoteTable.of((labels + 4) / 5, volunteers, 2, candidate, volunteer, answer);
    }

    /** A quick look without JMH: milliseconds of processor time of five fits. Arguments: method, labels. */
    public static void main(String[] args) {
        ConsensusFitBenchmark benchmark = new ConsensusFitBenchmark();
        benchmark.method = args.length > 0 ? args[0] : "auto";
        benchmark.labels = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        benchmark.setUp();
        for (int i = 0; i < 5; i++) {
            long start = cpu();
            ConsensusResult result = benchmark.fit();
            System.out.printf(
                    "%s, %d labels: %d ms, %d sweeps%n",
                    benchmark.method, benchmark.labels, (cpu() - start) / 1_000_000, result.sweeps());
        }
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
