package org.skysieve.engine.alert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.Orientation;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Real packets, where they are at hand. */
class RealAlertsTest {
    private static final Path DATA = Path.of(System.getProperty("skysieve.data", "../shared/data"));

    private final CollectingSink sink = new CollectingSink();

    @BeforeEach
    void needsTheData() {
        assumeTrue(Files.isDirectory(DATA.resolve("ztf")), "skipped: no sample data in " + DATA.toAbsolutePath());
    }

    @Test
    void everyGoldPacketParsesAsItsTableSays() throws IOException {
        Path gold = DATA.resolve("ztf/gold");

        AlertReader.read(gold, sink);

        assertThat(sink.rejected).isEmpty();
        assertThat(sink.packets).hasSize(372);
        assertThat(sink.skipped).containsExactly("gold/labels.csv");
        Map<Long, AlertPacket> byCandid = new HashMap<>();
        sink.packets.forEach(packet -> byCandid.put(packet.candid(), packet));
        try (var rows = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(Files.newBufferedReader(gold.resolve("labels.csv")))) {
            for (CSVRecord row : rows) {
                AlertPacket packet = byCandid.get(Long.parseLong(row.get("candid")));
                assertThat(packet.survey()).isEqualTo("ztf");
                assertThat(packet.objectId()).isEqualTo(row.get("objectId"));
                assertThat(packet.timeMjd()).isCloseTo(Double.parseDouble(row.get("jd")) - 2_400_000.5, within(1e-6));
                assertThat(packet.passband().ordinal()).isEqualTo(Integer.parseInt(row.get("fid")));
                assertThat(packet.mag()).isCloseTo(Double.parseDouble(row.get("magpsf")), within(1e-5));
                assertThat(packet.positive()).isEqualTo("t1".contains(row.get("isdiffpos")));
                boolean hasDrb = !row.get("drb").isEmpty();
                assertThat(packet.surveyScore())
                        .isCloseTo(Double.parseDouble(row.get(hasDrb ? "drb" : "rb")), within(1e-6));
                assertThat(packet.cutouts().difference()).isNotNull();
                assertThat(packet.snr()).isGreaterThan(3);
            }
        }
    }

    @Test
    void theMiddleOfARealDifferenceIsPositiveWhateverItsSign() throws IOException {
        AlertReader.read(DATA.resolve("ztf/gold"), sink);
        AlertReader.read(DATA.resolve("lsst"), sink);

        int positive = 0;
        int negative = 0;
        for (AlertPacket packet : sink.packets) {
            Cutout difference = packet.cutouts().difference();
            if (difference != null && packet.snr() > 15 && centre(difference) > 0) {
                positive += packet.positive() ? 1 : 0;
                negative += packet.positive() ? 0 : 1;
            } else if (difference != null && packet.snr() > 15) {
                positive -= packet.positive() ? 1 : 0;
                negative -= packet.positive() ? 0 : 1;
            }
        }
        // Of the bright ones nearly all; dipoles may put the negative lobe in the middle.
        assertThat(positive).isGreaterThan(100);
        assertThat(negative).isGreaterThan(20);
    }

    @Test
    void rubinSaysHowItsStampsLieAndZtfDoesNot() throws IOException {
        AlertReader.read(DATA.resolve("lsst/lsstcam_2025-09/169298433344012336.avro"), sink);
        AlertReader.read(DATA.resolve("ztf/unlabelled"), sink);

        // Its header has PC1_2 = -3.2962916e-05 and PC2_2 = 4.4764044e-05, PC1_1 below 0.
        Orientation lies = sink.packets.get(0).cutouts().orientation();
        assertThat(lies).isNotNull();
        assertThat(lies.upAngleDeg())
                .isCloseTo(360 + Math.toDegrees(Math.atan2(-3.2962916269654e-05, 4.4764044156304e-05)), within(1e-6));
        assertThat(lies.mirrored()).isFalse();
        assertThat(sink.packets.subList(1, sink.packets.size()))
                .allSatisfy(packet -> assertThat(packet.cutouts().orientation()).isNull());
    }

    @Test
    void unlabelledPacketsParse() throws IOException {
        AlertReader.read(DATA.resolve("ztf/unlabelled"), sink);

        assertThat(sink.rejected).isEmpty();
        assertThat(sink.packets).hasSize(172);
    }

    @ParameterizedTest
    @CsvSource({
        "vNone_87704463155001, -87704463155001, ztf-87704463155001, G",
        "v1.1_1726958725155002, -1726958725155002, ztf-1726958725155002, R",
        "v1.7_396522680015025001, 396522680015025001, ZTF, R",
        "v1.8_396522680015040002, 396522680015040002, ZTF, R",
        "v2.0_472263571115095000, 472263571115095000, ZTF, ''",
        "v3.0_472263571115115014, 472263571115115014, ZTF, ''",
        "v3.1_472263571115115008, 472263571115115008, ZTF, ''",
        "v3.2_472263571115115000, 472263571115115000, ZTF, ''",
        "v3.3_472263571115115000, 472263571115115000, ZTF, ''",
        "v3.5_1661382530015060001, 1661382530015060001, ZTF, ''",
        "v4.01_2475433850415015005, 2475433850415015005, ZTF, ''",
        "v4.02_2752190653015010019, 2752190653015010019, ZTF20abcuxxx, G",
    })
    void everySchemaVersionOfZtfParses(String file, long candid, String objectId, String passband) throws IOException {
        AlertReader.read(DATA.resolve("ztf/schema_versions").resolve(file + ".avro"), sink);

        assertThat(sink.rejected).isEmpty();
        AlertPacket packet = sink.packets.get(0);
        assertThat(packet.candid()).isEqualTo(candid);
        assertThat(packet.objectId()).startsWith(objectId);
        assertThat(packet.survey()).isEqualTo("ztf");
        assertThat(passband.isEmpty() || packet.passband() == Passband.valueOf(passband))
                .isTrue();
        assertThat(packet.mag()).isBetween(10.0, 24.0);
        assertThat(packet.surveyScore()).isBetween(0.0, 1.0);
        if (!file.startsWith("v1.1") && !file.startsWith("vNone")) {
            assertThat(packet.remarks()).isEmpty();
            assertThat(packet.cutouts().science()).isNotNull();
        }
    }

    @Test
    void stampsOfAnotherFormatLeaveARemark() throws IOException {
        AlertReader.read(DATA.resolve("ztf/schema_versions/v1.1_1726958725155002.avro"), sink);

        assertThat(sink.packets.get(0).cutouts().isEmpty()).isTrue();
        assertThat(sink.packets.get(0).remarks())
                .anyMatch(remark -> remark.startsWith("cutoutScience: not FITS") && remark.endsWith("(a JPEG)"));
    }

    @Test
    void anObjectsHistoryGrowsAndMergesIdempotently() throws IOException {
        AlertReader.read(DATA.resolve("ztf/object_ZTF21abiuvdk"), sink);
        assertThat(sink.packets).hasSize(34);
        assertThat(sink.packets).extracting(AlertPacket::objectId).containsOnly("ZTF21abiuvdk");

        LightCurve all = LightCurve.EMPTY;
        for (AlertPacket packet : sink.packets) {
            LightCurve merged = all.merge(packet.history());
            assertThat(merged.points().size())
                    .isGreaterThanOrEqualTo(all.points().size());
            assertThat(merged.merge(packet.history())).isEqualTo(merged);
            all = merged;
        }

        for (AlertPacket packet : sink.packets) {
            assertThat(all.merge(packet.history())).isEqualTo(all);
            assertThat(all.points())
                    .anyMatch(point -> point.isDetection()
                            && point.passband() == packet.passband()
                            && Math.abs(point.timeMjd() - packet.timeMjd()) < 1e-5);
        }
        long limits =
                all.points().stream().filter(point -> !point.isDetection()).count();
        assertThat(limits).isPositive();
        assertThat(all.points().size() - limits).isGreaterThanOrEqualTo(34);
    }

    @Test
    void everyLsstPacketParses() throws IOException {
        AlertReader.read(DATA.resolve("lsst/lsstcam_2025-09"), sink);
        AlertReader.read(DATA.resolve("lsst/hsc_precursor"), sink);
        AlertReader.read(DATA.resolve("lsst/simulated_7.4"), sink);

        assertThat(sink.rejected).isEmpty();
        assertThat(sink.packets).hasSize(35);
        Set<Boolean> signs = new HashSet<>();
        for (AlertPacket packet : sink.packets) {
            signs.add(packet.positive());
            assertThat(packet.survey()).isEqualTo("lsst");
            assertThat(packet.passband()).isNotEqualTo(Passband.OTHER);
            assertThat(packet.mag()).isBetween(14.0, 28.0);
            assertThat(packet.cutouts().science()).isNotNull();
            assertThat(packet.cutouts().difference()).isNotNull();
            assertThat(packet.history().points()).anyMatch(LightCurvePoint::isDetection);
        }
        assertThat(signs).hasSize(2);
    }

    @Test
    void lsstPacketsAgreeWithTheirIndex() throws IOException {
        AlertReader.read(DATA.resolve("lsst/lsstcam_2025-09"), sink);
        Map<String, CSVRecord> index = new HashMap<>();
        try (var rows = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(Files.newBufferedReader(DATA.resolve("lsst/index.csv")))) {
            rows.forEach(row -> index.put(row.get("diaSourceId"), row));
        }

        int compared = 0;
        for (AlertPacket packet : sink.packets) {
            CSVRecord row = index.get(Long.toString(packet.candid()));
            if (row != null) {
                assertThat(packet.passband().label()).isEqualTo(row.get("band"));
                assertThat(packet.snr()).isCloseTo(Double.parseDouble(row.get("snr")), within(1e-4));
                assertThat(packet.positive()).isEqualTo(row.get("isNegative").equals("False"));
                assertThat(packet.surveyScore()).isCloseTo(Double.parseDouble(row.get("reliability")), within(1e-6));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void packetsFromABrokerParseAndManyToAFile() throws IOException {
        AlertReader.read(DATA.resolve("fink"), sink);

        assertThat(sink.rejected).isEmpty();
        assertThat(sink.packets.size()).isGreaterThan(9);
        assertThat(sink.packets)
                .extracting(AlertPacket::survey)
                .contains("ztf", "lsst")
                .doesNotContain("toplevelrecord");
        assertThat(AlertReader.count(DATA.resolve("fink"))).hasValue(sink.packets.size());
    }

    @Test
    void otherSurveysParse() throws IOException {
        AlertReader.read(DATA.resolve("surveys"), sink);

        // Three of WINTER's schemas name a field twice, which is no Avro.
        assertThat(sink.rejected).hasSize(3).allMatch(reason -> reason.contains("Duplicate field sgmag1"));
        assertThat(sink.packets).extracting(AlertPacket::survey).contains("atlas", "pgir", "winter", "turbo");
        assertThat(sink.packets)
                .filteredOn(packet -> packet.survey().equals("atlas"))
                .allSatisfy(packet -> {
                    assertThat(packet.cutouts().template()).isNull();
                    assertThat(packet.cutouts().science()).isNotNull();
                    assertThat(packet.remarks()).contains("cutoutTemplate: missing");
                });
    }

    @Test
    void messagesWithoutTheirSchemaAreRejectedSayingSo() throws IOException {
        AlertReader.read(DATA.resolve("lsst/confluent_wire"), sink);

        assertThat(sink.packets).isEmpty();
        assertThat(sink.rejected).hasSize(5).allMatch(reason -> reason.contains("schema id"));
    }

    @Test
    void realPacketsComeBackFromOurOwnWriter() throws IOException {
        AlertReader.read(DATA.resolve("ztf/object_ZTF21abiuvdk"), sink);

        for (AlertPacket packet : sink.packets) {
            CollectingSink again = new CollectingSink();
            AlertReader.read("again", new ByteArrayInputStream(ZtfAlertWriter.container(List.of(packet))), again);

            assertThat(again.packets.get(0)).isEqualTo(packet);
        }
    }

    private static double centre(Cutout cutout) {
        int x = cutout.width() / 2;
        int y = cutout.height() / 2;
        double sum = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                float value = cutout.at(x + dx, y + dy);
                sum += Float.isNaN(value) ? 0 : value;
            }
        }
        return sum;
    }
}
