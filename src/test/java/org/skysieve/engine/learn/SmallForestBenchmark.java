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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A step of an active-learning loop: 100 trees on 310 labelled rows of 12 features, then 1,500 rows judged. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class SmallForestBenchmark {
    private static final int FEATURES = 12;
    private static final int ROWS = 1_500;

    private final BinnedRows rows;
    private final int[] which = new int[310];
    private final int[] labels = new int[310];
    private final HistogramForest forest;
    private long seed;

    public SmallForestBenchmark() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[ROWS * FEATURES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < which.length; i++) {
            which[i] = i;
            labels[i] = values[i * FEATURES] + values[i * FEATURES + 1] + random.nextGaussian() > 0 ? 1 : 0;
        }
        rows = BinnedRows.of(values, FEATURES, 64);
        forest = fit().forest();
    }

    @Benchmark
    public final HistogramForest.Fit fit() {
        return HistogramForest.fit(rows, which, labels, 2, HistogramForest.Options.defaults(seed++));
    }

    @Benchmark
    public HistogramForest.Opinions judge() {
        return forest.opinions(rows, rows.all());
    }
}
