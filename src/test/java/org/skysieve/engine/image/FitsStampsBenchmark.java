package org.skysieve.engine.image;

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

/** Stamps a second on one thread: why plain float32 images do not go through the library. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FitsStampsBenchmark {
    private final Cutout cutout = FitsStampsTest.aCutout(63, 63, 1);
    private final byte[] plain = FitsStamps.write(cutout, false);
    private final byte[] gzip = FitsStamps.write(cutout, true);
    private final CutoutTriplet triplet = new CutoutTriplet(cutout, cutout, cutout);

    @Benchmark
    public Cutout readPlain() {
        return FitsStamps.read(plain);
    }

    @Benchmark
    public Cutout readGzip() {
        return FitsStamps.read(gzip);
    }

    @Benchmark
    public Cutout readThroughLibrary() {
        return FitsStamps.throughLibrary(plain, 0, 63, 63);
    }

    @Benchmark
    public byte[] pack() {
        return PackedTriplet.encode(triplet);
    }

    @Benchmark
    public byte[] draw() {
        return CutoutPng.render(cutout, Panel.SCIENCE, 4);
    }
}
