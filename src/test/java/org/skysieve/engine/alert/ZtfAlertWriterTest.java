package org.skysieve.engine.alert;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ZtfAlertWriterTest {
    @Test
    void packetsComeBackAsTheyWere() {
        AlertPacket packet = AlertPackets.anAlert()
                .withEarlier(LightCurvePoint.upperLimit(59_990.125, Passband.G, 20.7))
                .withEarlier(LightCurvePoint.detection(59_995.5, Passband.Z, 19.5, 0.2, 20.5, false))
                .build();

        assertThat(read(packet)).containsExactly(packet);
    }

    @Test
    void whatWasNotMeasuredStaysSo() {
        AlertPacket packet = AlertPackets.anAlert().build();
        AlertPacket bare = new AlertPacket(
                "sim",
                -5,
                "SIM2",
                60_001.000001,
                0,
                90,
                Passband.OTHER,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                false,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                new CutoutTriplet(packet.cutouts().science(), null, null),
                org.skysieve.engine.lightcurve.LightCurve.EMPTY,
                Surroundings.UNKNOWN,
                List.of("cutoutTemplate: missing", "cutoutDifference: missing"));

        assertThat(read(bare)).containsExactly(bare);
    }

    @Test
    void whatLiesAroundComesBackToo() {
        AlertPacket beside = AlertPackets.anAlert()
                .withSurroundings(new Surroundings(
                        true,
                        new KnownObject("433", .25, 18.5),
                        true,
                        List.of(
                                new Neighbour(Neighbour.PS1, .5, 17.5, .01),
                                new Neighbour(Neighbour.PS1, 2.5, Double.NaN, .5),
                                new Neighbour(Neighbour.GAIA, 3.5, 19, Double.NaN),
                                new Neighbour(Neighbour.PS1, 4.5, 20, Double.NaN),
                                new Neighbour(Neighbour.GAIA, 60, 11, Double.NaN)),
                        7))
                .build();
        AlertPacket alone = AlertPackets.anAlert()
                .withSurroundings(new Surroundings(true, null, true, List.of(), 0))
                .build();

        assertThat(read(beside)).containsExactly(beside);
        assertThat(read(alone)).containsExactly(alone);
    }

    @Test
    void everyBlockCanBeReadByItself() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int firstBlock;
        try (ZtfAlertWriter writer = new ZtfAlertWriter(bytes, "sim")) {
            writer.write(AlertPackets.anAlert().build());
            writer.endBlock();
            firstBlock = bytes.size();
            writer.write(AlertPackets.anAlert().withCandid(2).build());
        }
        CollectingSink sink = new CollectingSink();

        AlertReader.read(
                "two.avro",
                new ByteArrayInputStream(java.util.Arrays.copyOf(bytes.toByteArray(), firstBlock + 9)),
                sink);

        assertThat(sink.packets).hasSize(1);
        assertThat(sink.rejected).singleElement().asString().startsWith("two.avro: after 1 records: truncated");
    }

    @Test
    void refusesAnotherSurveyInTheSameContainer() throws IOException {
        try (ZtfAlertWriter writer = new ZtfAlertWriter(new ByteArrayOutputStream(), "sim")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.write(
                            AlertPackets.anAlert().withSurvey("lsst").build()))
                    .withMessageContaining("lsst in a container of sim");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ZtfAlertWriter(new ByteArrayOutputStream(), "My Survey"))
                .withMessageContaining("My Survey");
    }

    private static List<AlertPacket> read(AlertPacket packet) {
        CollectingSink sink = new CollectingSink();
        AlertReader.read("packet.avro", new ByteArrayInputStream(ZtfAlertWriter.container(List.of(packet))), sink);
        assertThat(sink.rejected).isEmpty();
        return sink.packets;
    }
}
