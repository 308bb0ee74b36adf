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

import org.skysieve.engine.image.CutoutTriplet;

/** Candidates of three 63 x 63 cutouts measured, and scored by 200 trees, a second and thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class CutoutFeaturesBenchmark {
    private final CutoutFeatures features = new CutoutFeatures();
    private final CutoutTriplet[] cutouts = new CutoutTriplet[64];
    private final CutoutClassifier classifier = new CutoutClassifierTrainer(
                    java.util.List.of("real", "bogus"), CutoutClassifierTrainer.defaultOptions(1))
            .train(CutoutClassifierTest.samples(400, 1), "made up", "benchmark", java.time.Instant.EPOCH);
    private int next;

    public CutoutFeaturesBenchmark() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < cutouts.length; i++) {
            cutouts[i] = i % 2 == 0
                    ? SyntheticCutouts.real(63, 2.5, 20, random)
                    : SyntheticCutouts.dipole(63, 2.5, 20, random);
        }
    }

    @Benchmark
    public float[] extract() {
        return features.extract(cutouts[next++ & 63], Double.NaN);
    }

    @Benchmark
    public Scored score() {
        return classifier.score(cutouts[next++ & 63], "ztf", Double.NaN);
    }

    /** A quick look without JMH: prints candidates a second of processor time. */
    public static void main(String[] args) {
        CutoutFeaturesBenchmark benchmark = new CutoutFeaturesBenchmark();
        for (int round = 0; round < 4; round++) {
            long start = cpu();
            for (int i = 0; i < 4000; i++) {
                benchmark.extract();
            }
            long middle = cpu();
            for (int i = 0; i < 4000; i++) {
                benchmark.score();
            }
            System.out.printf("extract %.0f/s, score %.0f/s%n", 4000e9 / (middle - start), 4000e9 / (cpu() - middle));
        }
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
