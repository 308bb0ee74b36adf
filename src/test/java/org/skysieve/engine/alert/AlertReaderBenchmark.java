package org.skysieve.engine.alert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
import org.openjdk.jmh.infra.Blackhole;

import org.skysieve.engine.image.PackedTriplet;

/** Packets a second on one thread: bytes of a container to {@link AlertPacket}, and on to the stored blob. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AlertReaderBenchmark {
    @Param({"ztf/gold", "lsst/lsstcam_2025-09"})
    public String folder;

    private final List<byte[]> packets = new ArrayList<>();
    private final List<AlertPacket> decoded = new ArrayList<>();
    private int next;

    @Setup
    public void load() throws IOException {
        Path path = Path.of(System.getProperty("skysieve.data", "../shared/data"), folder);
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".avro")).toList()) {
                    packets.add(Files.readAllBytes(file));
                }
            }
        } else {
            packets.add(ZtfAlertWriter.container(List.of(AlertPackets.anAlert().build())));
        }
        for (byte[] packet : packets) {
            decoded.add(read(packet));
        }
    }

    @Benchmark
    public void decode(Blackhole hole) {
        hole.consume(read(packets.get(next)));
        next = (next + 1) % packets.size();
    }

    @Benchmark
    public void pack(Blackhole hole) {
        hole.consume(PackedTriplet.encode(decoded.get(next).cutouts()));
        next = (next + 1) % packets.size();
    }

    private static AlertPacket read(byte[] bytes) {
        List<AlertPacket> found = new ArrayList<>(1);
        AlertReader.read("packet", new ByteArrayInputStream(bytes), new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                found.add(packet);
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new IllegalStateException(reason);
            }
        });
        return found.get(0);
    }
}
