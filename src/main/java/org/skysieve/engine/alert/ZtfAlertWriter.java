package org.skysieve.engine.alert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.FitsStamps;
import org.skysieve.engine.lightcurve.LightCurvePoint;

/**
 * Writes alerts as an Avro container of ZTF's shape, so that simulated nights pass through the same reader as real ones.
 *
 * <p>The schema is our own: ZTF's names for what {@link AlertPacket} holds, and besides {@code mjd}, {@code band} and
 * {@code pixelscale}, with which the packet comes back as it was (but for its remarks). The survey is the schema's
 * namespace. Not thread-safe.
 */
public final class ZtfAlertWriter implements AutoCloseable {
    private static final double JD_OF_MJD_0 = 2_400_000.5;
    private static final double NONE = -999;

    /** ZTF has room for so many sources of Pan-STARRS1. */
    private static final int NEAREST = 3;

    private static final double SAME_EXPOSURE_DAYS = 0.5 / 86_400;

    private final String survey;
    private final Schema schema;
    private final DataFileWriter<GenericRecord> writer;

    /**
     * @param out closed by {@link #close}
     * @param survey the survey of every packet: lower case letters and digits, a letter first
     */
    public ZtfAlertWriter(OutputStream out, String survey) throws IOException {
        if (!survey.matches("[a-z][a-z0-9]*")) {
            throw new IllegalArgumentException(
                    "survey: got \"" + survey + "\", need lower case letters and digits, a letter first");
        }
        this.survey = survey;
        this.schema = schema(survey);
        this.writer = new DataFileWriter<>(new GenericDatumWriter<>(schema));
        // The stamps inside are gzipped: a codec around them saves nothing.
        writer.setCodec(CodecFactory.nullCodec());
        writer.create(schema, out);
    }

    public void write(AlertPacket packet) throws IOException {
        if (!packet.survey().equals(survey)) {
            throw new IllegalArgumentException("survey: got " + packet.survey() + " in a container of " + survey);
        }
        writer.append(record(packet));
    }

    /** Ends the block: every packet so far can be read by itself. */
    public void endBlock() throws IOException {
        writer.sync();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** A container in memory with these packets of one survey; at least one. */
    public static byte[] container(List<AlertPacket> packets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZtfAlertWriter writer = new ZtfAlertWriter(bytes, packets.get(0).survey())) {
            for (AlertPacket packet : packets) {
                writer.write(packet);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Avro into memory", e);
        }
        return bytes.toByteArray();
    }

    private GenericRecord record(AlertPacket packet) {
        GenericRecord alert = new GenericData.Record(schema);
        alert.put("schemavsn", "4.02");
        alert.put("publisher", "Skysieve");
        alert.put("objectId", packet.objectId());
        alert.put("candid", packet.candid());
        alert.put("candidate", candidate(packet));
        alert.put("prv_candidates", history(packet));
        alert.put(
                "cutoutScience", stamp(packet, "cutoutScience", packet.cutouts().science()));
        alert.put(
                "cutoutTemplate",
                stamp(packet, "cutoutTemplate", packet.cutouts().template()));
        alert.put(
                "cutoutDifference",
                stamp(packet, "cutoutDifference", packet.cutouts().difference()));
        return alert;
    }

    private GenericRecord candidate(AlertPacket packet) {
        GenericRecord candidate =
                new GenericData.Record(schema.getField("candidate").schema());
        double limit = Double.NaN;
        for (LightCurvePoint point : packet.history().points()) {
            if (isThisDetection(packet, point)) {
                limit = point.limitMag();
            }
        }
        candidate.put("candid", packet.candid());
        candidate.put("jd", packet.timeMjd() + JD_OF_MJD_0);
        candidate.put("mjd", packet.timeMjd());
        candidate.put("fid", fid(packet.passband().label()));
        candidate.put("band", packet.passband().label());
        candidate.put("ra", packet.ra());
        candidate.put("dec", packet.dec());
        candidate.put("magpsf", orNull(packet.mag()));
        candidate.put("sigmapsf", orNull(packet.magError()));
        candidate.put("diffmaglim", orNull(limit));
        candidate.put("isdiffpos", packet.positive() ? "t" : "f");
        candidate.put("fwhm", orNull(packet.fwhmPixels()));
        candidate.put("scorr", orNull(packet.snr()));
        candidate.put("rb", orNull(packet.surveyScore()));
        candidate.put("drb", orNull(packet.surveyScore()));
        candidate.put("pixelscale", orNull(packet.pixelScaleArcsec()));
        put(candidate, packet.surroundings());
        return candidate;
    }

    /** As ZTF does: -999 for "looked, and there is none"; null for "did not look". */
    private static void put(GenericRecord candidate, Surroundings around) {
        KnownObject known = around.solarSystem();
        if (around.solarSystemSearched()) {
            candidate.put("ssdistnr", known == null || Double.isNaN(known.arcsec()) ? NONE : known.arcsec());
        }
        if (known != null) {
            candidate.put("ssmagnr", orNull(known.predictedMag()));
            candidate.put("ssnamenr", known.name());
        }
        if (around.sourcesSearched()) {
            candidate.put("distpsnr1", NONE);
        }
        int stars = 0;
        int gaia = 0;
        for (Neighbour source : around.neighbours()) {
            if (source.catalogue().equals(Neighbour.GAIA)) {
                String name = gaia++ == 0 ? "gaia" : "gaiabright";
                if (gaia <= 2) {
                    candidate.put("near" + name, source.arcsec());
                    candidate.put("mag" + name, orNull(source.mag()));
                }
            } else if (++stars <= NEAREST) {
                candidate.put("distpsnr" + stars, source.arcsec());
                candidate.put("sgscore" + stars, orNull(source.starScore()));
                candidate.put("srmag" + stars, orNull(source.mag()));
            }
        }
        if (around.detections() >= 0) {
            candidate.put("ndethist", around.detections());
        }
    }

    private List<GenericRecord> history(AlertPacket packet) {
        Schema previous = schema.getField("prv_candidates").schema().getElementType();
        List<GenericRecord> records = new ArrayList<>();
        for (LightCurvePoint point : packet.history().points()) {
            if (isThisDetection(packet, point)) {
                continue;
            }
            GenericRecord record = new GenericData.Record(previous);
            record.put("jd", point.timeMjd() + JD_OF_MJD_0);
            record.put("mjd", point.timeMjd());
            record.put("fid", fid(point.passband().label()));
            record.put("band", point.passband().label());
            record.put("magpsf", orNull(point.mag()));
            record.put("sigmapsf", orNull(point.magError()));
            record.put("diffmaglim", orNull(point.limitMag()));
            record.put("isdiffpos", !point.isDetection() ? null : point.positive() ? "t" : "f");
            records.add(record);
        }
        return records;
    }

    private static boolean isThisDetection(AlertPacket packet, LightCurvePoint point) {
        return point.isDetection()
                && point.passband() == packet.passband()
                && Math.abs(point.timeMjd() - packet.timeMjd()) <= SAME_EXPOSURE_DAYS;
    }

    private @Nullable GenericRecord stamp(AlertPacket packet, String field, @Nullable Cutout cutout) {
        if (cutout == null) {
            return null;
        }
        GenericRecord stamp = new GenericData.Record(
                schema.getField(field).schema().getTypes().get(1));
        stamp.put("fileName", packet.candid() + "_" + field + ".fits.gz");
        stamp.put("stampData", ByteBuffer.wrap(FitsStamps.write(cutout, true)));
        return stamp;
    }

    private static @Nullable Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static int fid(String band) {
        return switch (band) {
            case "g" -> 1;
            case "r" -> 2;
            case "i" -> 3;
            default -> 0;
        };
    }

    private static Schema schema(String survey) {
        Schema previous = measured(
                        SchemaBuilder.record("prv_candidate").namespace(survey).fields())
                .optionalString("isdiffpos")
                .endRecord();
        SchemaBuilder.FieldAssembler<Schema> around =
                measured(SchemaBuilder.record("candidate").namespace(survey).fields());
        for (String name : List.of("ssdistnr", "ssmagnr", "neargaia", "maggaia", "neargaiabright", "maggaiabright")) {
            around = around.optionalDouble(name);
        }
        for (int i = 1; i <= NEAREST; i++) {
            around = around.optionalDouble("distpsnr" + i)
                    .optionalDouble("sgscore" + i)
                    .optionalDouble("srmag" + i);
        }
        Schema candidate = around.optionalString("ssnamenr")
                .optionalInt("ndethist")
                .requiredLong("candid")
                .requiredDouble("ra")
                .requiredDouble("dec")
                .requiredString("isdiffpos")
                .optionalDouble("fwhm")
                .optionalDouble("scorr")
                .optionalDouble("rb")
                .optionalDouble("drb")
                .optionalDouble("pixelscale")
                .endRecord();
        Schema cutout = SchemaBuilder.record("cutout")
                .namespace(survey)
                .fields()
                .requiredString("fileName")
                .requiredBytes("stampData")
                .endRecord();
        Schema stamp = Schema.createUnion(Schema.create(Schema.Type.NULL), cutout);
        return SchemaBuilder.record("alert")
                .namespace(survey)
                .fields()
                .requiredString("schemavsn")
                .requiredString("publisher")
                .requiredString("objectId")
                .requiredLong("candid")
                .name("candidate")
                .type(candidate)
                .noDefault()
                .name("prv_candidates")
                .type(Schema.createArray(previous))
                .noDefault()
                .name("cutoutScience")
                .type(stamp)
                .noDefault()
                .name("cutoutTemplate")
                .type(stamp)
                .noDefault()
                .name("cutoutDifference")
                .type(stamp)
                .noDefault()
                .endRecord();
    }

    private static SchemaBuilder.FieldAssembler<Schema> measured(SchemaBuilder.FieldAssembler<Schema> fields) {
        return fields.requiredDouble("jd")
                .requiredDouble("mjd")
                .requiredInt("fid")
                .requiredString("band")
                .optionalDouble("magpsf")
                .optionalDouble("sigmapsf")
                .optionalDouble("diffmaglim");
    }
}
