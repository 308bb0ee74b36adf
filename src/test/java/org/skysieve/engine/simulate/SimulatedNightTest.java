package org.skysieve.engine.simulate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.alert.AlertSink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SimulatedNightTest {
    private static final int COUNT = 40;
    private final SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(21));
    private final SimulatedNight night = new SimulatedNight(survey, 100, COUNT);

    @Test
    void aContainerReadsBackAsTheCandidates() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Long> progress = new ArrayList<>();

        night.writeContainer(bytes, progress::add);

        assertSame(read("night.avro", bytes.toByteArray()));
        assertThat(progress).hasSize(COUNT).endsWith((long) COUNT);
    }

    @Test
    void anArchiveReadsBackAsTheCandidates() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        night.writeTarGz(bytes, done -> {});

        assertSame(read("night.tar.gz", bytes.toByteArray()));
    }

    @Test
    void aContainerInMemoryIsTheSame() {
        assertSame(read("night.avro", night.container()));
    }

    @Test
    void theTruthIsNotInTheFile() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        night.writeContainer(bytes, done -> {});

        String text = bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (Kind kind : Kind.values()) {
            // Short words could come up in gzipped pixels by chance.
            if (kind.label.length() > 6) {
                assertThat(text).doesNotContain(kind.label);
            }
        }
        assertThat(text).doesNotContain("subclass").doesNotContain("realShare");
    }

    @Test
    void refusesAnEmptyNight() {
        assertThatThrownBy(() -> new SimulatedNight(survey, 0, 0)).hasMessageContaining("got 0 candidates");
    }

    private void assertSame(List<AlertPacket> read) {
        assertThat(read).hasSize(COUNT);
        for (int i = 0; i < COUNT; i++) {
            AlertPacket expected = survey.candidate(100 + i).packet();
            AlertPacket packet = read.get(i);
            assertThat(packet.candid()).isEqualTo(expected.candid());
            assertThat(packet.objectId()).isEqualTo(expected.objectId());
            assertThat(packet.survey()).isEqualTo("ztf");
            assertThat(packet.cutouts()).isEqualTo(expected.cutouts());
            assertThat(packet.history()).isEqualTo(expected.history());
            assertThat(packet.positive()).isEqualTo(expected.positive());
        }
    }

    private static List<AlertPacket> read(String name, byte[] bytes) {
        List<AlertPacket> packets = new ArrayList<>();
        AlertReader.read(name, new ByteArrayInputStream(bytes), new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                packets.add(packet);
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new AssertionError(source + ": " + reason);
            }
        });
        return packets;
    }
}
