package org.skysieve.engine.alert;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skysieve.engine.alert.AlertPackets.anAlert;

class AlertReaderTest {
    private final CollectingSink sink = new CollectingSink();

    @Test
    void readsADirectoryInTheOrderOfNames(@TempDir Path dir) throws IOException {
        Files.createDirectories(dir.resolve("b/c"));
        Files.write(dir.resolve("z.avro"), packet(4));
        Files.write(dir.resolve("a.avro"), packet(1));
        Files.write(dir.resolve("b/c/1.avro"), packet(2));
        Files.write(dir.resolve("b/x.avro.gz"), gzip(packet(3)));
        Files.writeString(dir.resolve("labels.csv"), "candid,label\n1,real\n");

        AlertReader.read(dir, sink);

        assertThat(sink.packets).extracting(AlertPacket::candid).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sink.rejected).isEmpty();
        assertThat(sink.skipped).singleElement().asString().endsWith("/labels.csv");
        assertThat(AlertReader.count(dir)).hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAnArchiveOfANight(boolean gzipped) throws IOException {
        byte[] tar = tar(
                "night/1.avro",
                packet(1),
                "night/._1.avro",
                new byte[] {0, 5},
                "README.md",
                "Read me".getBytes(StandardCharsets.UTF_8),
                "night/2.avro",
                packet(2));

        AlertReader.read("night.tar.gz", new ByteArrayInputStream(gzipped ? gzip(tar) : tar), sink);

        assertThat(sink.packets).extracting(AlertPacket::candid).containsExactly(1L, 2L);
        assertThat(sink.sources).containsExactly("night.tar.gz!night/1.avro", "night.tar.gz!night/2.avro");
        assertThat(sink.rejected).isEmpty();
        assertThat(sink.skipped).hasSize(2);
    }

    @Test
    void oneBadPacketStopsNothing() throws IOException {
        byte[] truncated = Arrays.copyOf(packet(2), 5000);
        byte[] tar = tar(
                "1.avro",
                packet(1),
                "2.avro",
                truncated,
                "3.avro",
                "no alert".getBytes(StandardCharsets.UTF_8),
                "4.avro",
                new byte[0],
                "5.avro",
                packet(5));

        AlertReader.read("night.tar.gz", new ByteArrayInputStream(gzip(tar)), sink);

        assertThat(sink.packets).extracting(AlertPacket::candid).containsExactly(1L, 5L);
        assertThat(sink.rejected).hasSize(3);
        assertThat(sink.rejected.get(0)).startsWith("night.tar.gz!2.avro: truncated Avro container: block declares");
        assertThat(sink.raw.get(0)).isEqualTo(truncated);
        assertThat(sink.rejected.get(1)).contains("bytes that start with 6e 6f 20 61 6c 65 72 74");
        assertThat(sink.raw.get(1)).asString(StandardCharsets.UTF_8).isEqualTo("no alert");
        assertThat(sink.rejected.get(2)).contains("no bytes");
    }

    @Test
    void aTruncatedArchiveGivesWhatItHolds() throws IOException {
        byte[] night = gzip(tar("1.avro", packet(1), "2.avro", packet(2), "3.avro", packet(3)));

        AlertReader.read("night.tar.gz", new ByteArrayInputStream(night, 0, night.length * 2 / 3), sink);

        assertThat(sink.packets).hasSizeBetween(1, 2);
        assertThat(sink.rejected.get(sink.rejected.size() - 1)).contains("archive breaks off after");
    }

    @Test
    void aDeadLetterHoldsAtMost64KiB() {
        byte[] noise = new byte[200_000];
        new SplittableRandom(1).nextBytes(noise);

        AlertReader.read("noise", new ByteArrayInputStream(noise), sink);

        assertThat(sink.raw)
                .singleElement()
                .satisfies(raw -> assertThat(raw).isEqualTo(Arrays.copyOf(noise, AlertReader.MAX_RAW)));
    }

    @Test
    void aThingNamedByTheUserIsNeverSkipped() {
        AlertReader.read("labels.csv", new ByteArrayInputStream("a,b".getBytes(StandardCharsets.UTF_8)), sink);

        assertThat(sink.skipped).isEmpty();
        assertThat(sink.rejected).singleElement().asString().startsWith("labels.csv: not an Avro container");
    }

    @Test
    void aMissingFileIsTheCallersFault(@TempDir Path dir) {
        assertThatThrownBy(() -> AlertReader.read(dir.resolve("nothing"), sink))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"})
    void readsEveryCodec(String codec) throws IOException {
        byte[] container = recoded(
                ZtfAlertWriter.container(List.of(
                        anAlert().withCandid(1).build(), anAlert().withCandid(2).build())),
                codec);

        AlertReader.read("two.avro", new ByteArrayInputStream(container), sink);

        assertThat(sink.rejected).isEmpty();
        assertThat(sink.packets)
                .containsExactly(
                        anAlert().withCandid(1).build(), anAlert().withCandid(2).build());
        assertThat(sink.sources).containsExactly("two.avro#1", "two.avro#2");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noFlippedByteCrashesTheReader(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = recoded(packet(1), seed % 2 == 0 ? "null" : "deflate");

        for (int i = 0; i < 300; i++) {
            byte[] broken = random.nextInt(4) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
            for (int flips = random.nextInt(1, 5); flips > 0 && broken.length > 0; flips--) {
                broken[random.nextInt(Math.min(broken.length, i % 2 == 0 ? 3000 : sound.length))] ^=
                        (byte) (1 << random.nextInt(8));
            }
            CollectingSink each = new CollectingSink();

            AlertReader.read("broken.avro", new ByteArrayInputStream(broken), each);

            assertThat(each.packets.size() + each.rejected.size()).isPositive();
        }
    }

    @Test
    void aDeclaredLengthAloneAllocatesNothing() throws IOException {
        // An array of 2^40 items and a text of 2 GB, in a block of some bytes.
        Schema schema = SchemaBuilder.record("alert")
                .fields()
                .requiredLong("candid")
                .name("candidate")
                .type(SchemaBuilder.record("candidate")
                        .fields()
                        .requiredString("objectId")
                        .endRecord())
                .noDefault()
                .endRecord();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, bytes);
            writer.appendEncoded(
                    ByteBuffer.wrap(new byte[] {2, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 1, 2, 3}));
        }

        AlertReader.read("huge.avro", new ByteArrayInputStream(bytes.toByteArray()), sink);

        assertThat(sink.rejected).singleElement().asString().startsWith("huge.avro: broken Avro record");
    }

    @Test
    void aBlockThatInflatesWithoutEndIsRejected() throws IOException {
        Schema schema = SchemaBuilder.record("alert")
                .fields()
                .requiredBytes("candidate")
                .endRecord();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(9));
            writer.create(schema, bytes);
            GenericRecord record = new GenericData.Record(schema);
            record.put("candidate", ByteBuffer.wrap(new byte[AvroContainer.MAX_BLOCK + 1]));
            writer.append(record);
        }

        AlertReader.read("bomb.avro", new ByteArrayInputStream(bytes.toByteArray()), sink);

        assertThat(sink.rejected).singleElement().asString().contains("inflates to more than");
    }

    @Test
    void aContainerOfSomethingElseIsRejectedWithItsFields() throws IOException {
        Schema schema =
                SchemaBuilder.record("weather").fields().requiredDouble("rain").endRecord();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, bytes);
        }

        AlertReader.read("w.avro", new ByteArrayInputStream(bytes.toByteArray()), sink);

        assertThat(sink.rejected).containsExactly("w.avro: not an alert: record weather with fields rain");
    }

    @Test
    void whatTheSinkThrowsReachesTheCaller() {
        AlertSink full = new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                throw new IllegalArgumentException("disk full");
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new AssertionError(reason);
            }
        };

        assertThatThrownBy(() -> AlertReader.read("1.avro", new ByteArrayInputStream(packet(1)), full))
                .hasMessage("disk full");
    }

    @Test
    void countsRecordsNotFiles(@TempDir Path dir) throws IOException {
        byte[] three = ZtfAlertWriter.container(
                List.of(anAlert().build(), anAlert().build(), anAlert().build()));
        Files.write(dir.resolve("three.avro"), three);
        Files.write(dir.resolve("night.tgz"), gzip(tar("a.avro", packet(1), "b.avro", three)));

        assertThat(AlertReader.count(dir)).hasValue(7);
        assertThat(AlertReader.count(dir.resolve("three.avro"))).hasValue(3);
    }

    private static byte[] packet(long candid) {
        return ZtfAlertWriter.container(List.of(anAlert().withCandid(candid).build()));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    /** Names and contents in turn. */
    private static byte[] tar(Object... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                byte[] content = (byte[]) entries[i + 1];
                TarArchiveEntry entry = new TarArchiveEntry((String) entries[i]);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] recoded(byte[] container, String codec) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = new ByteArrayInputStream(container);
                DataFileStream<GenericRecord> reader = new DataFileStream<>(in, new GenericDatumReader<>());
                DataFileWriter<GenericRecord> writer =
                        new DataFileWriter<>(new GenericDatumWriter<>(reader.getSchema()))) {
            writer.setCodec(CodecFactory.fromString(codec));
            writer.create(reader.getSchema(), bytes);
            for (GenericRecord record : reader) {
                writer.append(record);
            }
        }
        return bytes.toByteArray();
    }
}
