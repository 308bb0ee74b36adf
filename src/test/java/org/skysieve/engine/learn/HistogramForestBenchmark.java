package org.skysieve.engine.learn;

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

/** 100 trees on 100,000 rows of 20 features, 10 of which carry the class; one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class HistogramForestBenchmark {
    private static final int ROWS = 100_000;
    private static final int FEATURES = 20;

    private TrainingTable table = table(ROWS, 1);
    private HistogramForest forest = HistogramForest.fit(table(10_000, 2), HistogramForest.Options.defaults(1))
            .forest();
    private float[] rows = new float[0];

    @Setup
    public void setUp() {
        table = table(ROWS, 1);
        forest = HistogramForest.fit(table, HistogramForest.Options.defaults(1)).forest();
        rows = table.rowsInternal();
    }

    @Benchmark
    public HistogramForest.Fit fit() {
        return HistogramForest.fit(table, HistogramForest.Options.defaults(1));
    }

    @Benchmark
    public HistogramForest.Fit fitLeavesOfFive() {
        return HistogramForest.fit(table, HistogramForest.Options.defaults(1).withMinLeaf(5));
    }

    @Benchmark
    public double[] predict() {
        return forest.probabilitiesOfAll(rows);
    }

    static TrainingTable table(int n, long seed) {
        var random = new SplittableRandom(seed);
        float[] rows = new float[n * FEATURES];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(2);
            for (int f = 0; f < FEATURES; f++) {
                rows[i * FEATURES + f] = (float) (gauss(random) + (f < 10 && labels[i] == 1 ? .5 : 0));
            }
        }
        return TrainingTable.ofClasses(FEATURES, 2, rows, labels);
    }

    private static double gauss(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** A quick look without JMH: prints milliseconds of processor time, also where other programs run. */
    public static void main(String[] args) {
        var benchmark = new HistogramForestBenchmark();
        benchmark.setUp();
        for (int i = 0; i < 3; i++) {
            long start = cpu();
            HistogramForest.Fit fit = benchmark.fit();
            long middle = cpu();
            benchmark.fitLeavesOfFive();
            long late = cpu();
            benchmark.predict();
            System.out.printf(
                    "fit %d ms (%d nodes), leaves of 5 %d ms, predict %d ms%n",
                    (middle - start) / 1_000_000,
                    fit.forest().nodes(),
                    (late - middle) / 1_000_000,
                    (cpu() - late) / 1_000_000);
        }
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
