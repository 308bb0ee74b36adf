package org.skysieve.engine.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/**
 * Reads alerts of LSST's shape: a {@code diaSource} record with the detection in nJy, earlier detections, forced
 * photometry, and three stamps. Schema versions 7.0 to 11.0 pass, whatever namespace a broker gave them.
 *
 * <p>LSST keeps the sign of the difference; here it is negated where {@code isNegative}, so that a candidate's centre is
 * always positive. Times are the survey's, MJD in TAI.
 */
final class LsstAlerts {
    /** The names that {@link #packet} asks for; everything else need not be decoded. */
    static final Set<String> FIELDS = Set.of(
            "alertId",
            "diaSourceId",
            "diaSource",
            "prvDiaSources",
            "prvDiaForcedSources",
            "prvDiaNondetectionLimits",
            "cutoutScience",
            "cutoutTemplate",
            "cutoutDifference",
            "stampData",
            "diaObjectId",
            "ssObjectId",
            "midpointMjdTai",
            "midPointTai",
            "midpointMjd",
            "ra",
            "dec",
            "decl",
            "band",
            "filterName",
            "psfFlux",
            "psFlux",
            "psfFluxErr",
            "psFluxErr",
            "snr",
            "isNegative",
            "is_negative",
            "reliability",
            "ixxPSF",
            "iyyPSF",
            "diaNoise",
            "ssSource",
            "designation",
            "ephOffset",
            "ephVmag",
            "predictedVMagnitude");

    private static final double PIXEL_ARCSEC = 0.2;

    /** AB magnitude of 1 nJy. */
    private static final double ZERO_POINT = 31.4;

    private static final double POGSON = 1.0857362047581296;
    private static final double DETECTION_SIGMA = 5;

    /** Full width at half maximum of a Gaussian of one sigma. */
    private static final double FWHM_PER_SIGMA = 2.3548200450309493;

    private LsstAlerts() {}

    static boolean hasShape(org.apache.avro.Schema schema) {
        return schema.getField("diaSource") != null;
    }

    /**
     * @throws IllegalArgumentException if the detection itself (id, time, position) is missing or out of range
     */
    static AlertPacket packet(GenericRecord alert) {
        GenericRecord source = Fields.record(alert, "diaSource");
        if (source == null) {
            throw new IllegalArgumentException("diaSource: missing");
        }
        List<String> remarks = new ArrayList<>();
        // Before version 8 the packet's own id was alertId, which need not be the detection's.
        long candid = Fields.id(
                alert,
                "diaSourceId",
                remarks,
                Fields.first(source, "diaSourceId"),
                Fields.first(alert, "diaSourceId"),
                Fields.first(alert, "alertId"));
        boolean isLsst = Double.isNaN(Fields.number(source, "midpointMjd"));
        String survey = isLsst ? "lsst" : Fields.namespace(alert).isEmpty() ? "lsst" : Fields.namespace(alert);
        double timeMjd = Fields.timeMjd(timeMjd(source));
        Passband passband = passband(source);
        double flux = Fields.rawNumber(source, "psfFlux", "psFlux");
        double fluxError = Fields.rawNumber(source, "psfFluxErr", "psFluxErr");
        boolean positive = isPositive(source, flux);
        double mag = isLsst ? magnitude(flux) : Double.NaN;
        double magError = isLsst ? magnitudeError(flux, fluxError) : Double.NaN;

        Cutout science = Fields.stamp(alert, "cutoutScience", remarks);
        Cutout template = Fields.stamp(alert, "cutoutTemplate", remarks);
        Cutout difference = Fields.stamp(alert, "cutoutDifference", remarks);
        if (difference != null && !positive) {
            difference = negated(difference);
        }
        List<LightCurvePoint> history = new ArrayList<>();
        if (isLsst) {
            if (!Double.isNaN(mag)) {
                history.add(LightCurvePoint.detection(timeMjd, passband, mag, magError, limit(fluxError), positive));
            }
            addHistory(history, alert);
        }
        return new AlertPacket(
                survey,
                candid,
                objectId(source, candid, remarks),
                timeMjd,
                Fields.rightAscension(Fields.rawNumber(source, "ra")),
                Fields.declination(Fields.rawNumber(source, "dec", "decl")),
                passband,
                mag,
                magError,
                signalToNoise(source, flux, fluxError),
                positive,
                isLsst ? fwhmPixels(source) : Double.NaN,
                isLsst ? PIXEL_ARCSEC : Double.NaN,
                score(source),
                new CutoutTriplet(science, template, difference),
                LightCurve.of(history),
                surroundings(alert, source),
                remarks);
    }

    /** A source belongs to a static object, else to one of the solar system; 0 means neither. */
    private static String objectId(GenericRecord source, long candid, List<String> remarks) {
        String object = Fields.text(source, "diaObjectId");
        if (!object.isEmpty() && !object.equals("0")) {
            return Fields.objectName(object);
        }
        String solarSystem = Fields.text(source, "ssObjectId");
        if (!solarSystem.isEmpty() && !solarSystem.equals("0")) {
            return Fields.objectName("sso" + solarSystem);
        }
        remarks.add("diaObjectId: missing, source" + candid + " stands for it");
        return "source" + candid;
    }

    /** LSST attributes sources to known objects itself; of stars and galaxies its packets say nothing. */
    private static Surroundings surroundings(GenericRecord alert, GenericRecord source) {
        String id = Fields.text(source, "ssObjectId");
        KnownObject known = null;
        if (!id.isEmpty() && !id.equals("0")) {
            GenericRecord orbit = Fields.record(alert, "ssSource");
            String designation = orbit == null ? "" : Fields.text(orbit, "designation");
            double offset = orbit == null ? Double.NaN : Fields.number(orbit, "ephOffset");
            double predicted = orbit == null ? Double.NaN : Fields.number(orbit, "ephVmag", "predictedVMagnitude");
            known = new KnownObject(
                    designation.isEmpty() ? id : designation,
                    offset >= 0 ? offset : Double.NaN,
                    predicted > 0 ? predicted : Double.NaN);
        }
        boolean searched = source.getSchema().getField("ssObjectId") != null;
        return new Surroundings(searched, known, false, List.of(), -1);
    }

    private static double timeMjd(GenericRecord record) {
        return Fields.number(record, "midpointMjdTai", "midPointTai", "midpointMjd");
    }

    private static Passband passband(GenericRecord record) {
        return Passbands.named(Fields.text(record, "band", "filterName"));
    }

    private static boolean isPositive(GenericRecord source, double flux) {
        Boolean negative = Fields.flag(source, "isNegative", "is_negative");
        // Before 7.4 there was no flag.
        return negative == null ? !(flux < 0) : !negative;
    }

    private static double signalToNoise(GenericRecord source, double flux, double fluxError) {
        double given = Math.abs(Fields.rawNumber(source, "snr"));
        return given > 0 ? given : Math.abs(flux) / fluxError;
    }

    /** The moments are in square arcseconds. */
    private static double fwhmPixels(GenericRecord source) {
        double trace = Fields.rawNumber(source, "ixxPSF") + Fields.rawNumber(source, "iyyPSF");
        return trace > 0 ? FWHM_PER_SIGMA * Math.sqrt(trace / 2) / PIXEL_ARCSEC : Double.NaN;
    }

    private static double score(GenericRecord source) {
        double reliability = Fields.rawNumber(source, "reliability");
        return reliability >= 0 && reliability <= 1 ? reliability : Double.NaN;
    }

    private static double magnitude(double fluxNanoJy) {
        double size = Math.abs(fluxNanoJy);
        return size > 0 ? ZERO_POINT - 2.5 * Math.log10(size) : Double.NaN;
    }

    private static double magnitudeError(double fluxNanoJy, double errorNanoJy) {
        double error = POGSON * errorNanoJy / Math.abs(fluxNanoJy);
        return error > 0 && error < 1e6 ? error : Double.NaN;
    }

    private static double limit(double noiseNanoJy) {
        return noiseNanoJy > 0 ? magnitude(DETECTION_SIGMA * noiseNanoJy) : Double.NaN;
    }

    private static void addHistory(List<LightCurvePoint> history, GenericRecord alert) {
        for (Object item : Fields.list(alert, "prvDiaSources")) {
            if (item instanceof GenericRecord earlier) {
                add(history, measured(earlier, true));
            }
        }
        for (Object item : Fields.list(alert, "prvDiaForcedSources")) {
            if (item instanceof GenericRecord forced) {
                add(history, measured(forced, false));
            }
        }
        for (Object item : Fields.list(alert, "prvDiaNondetectionLimits")) {
            if (item instanceof GenericRecord none) {
                double limit = limit(Fields.rawNumber(none, "diaNoise"));
                if (!Double.isNaN(limit)) {
                    add(history, LightCurvePoint.upperLimit(timeMjd(none), passband(none), limit));
                }
            }
        }
    }

    private static void add(List<LightCurvePoint> history, @Nullable LightCurvePoint point) {
        if (point != null && !Double.isNaN(point.timeMjd())) {
            history.add(point);
        }
    }

    /** Forced photometry below five sigma is an upper limit; a detection is one whatever its significance. */
    private static @Nullable LightCurvePoint measured(GenericRecord record, boolean detected) {
        double flux = Fields.rawNumber(record, "psfFlux", "psFlux");
        double error = Fields.rawNumber(record, "psfFluxErr", "psFluxErr");
        double limit = limit(error);
        if (detected ? flux != 0 && !Double.isNaN(flux) : Math.abs(flux) >= DETECTION_SIGMA * error && error > 0) {
            return LightCurvePoint.detection(
                    timeMjd(record),
                    passband(record),
                    magnitude(flux),
                    magnitudeError(flux, error),
                    limit,
                    isPositive(record, flux));
        }
        return Double.isNaN(limit) ? null : LightCurvePoint.upperLimit(timeMjd(record), passband(record), limit);
    }

    private static Cutout negated(Cutout cutout) {
        float[] pixels = cutout.pixels();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = -pixels[i];
        }
        return new Cutout(cutout.width(), cutout.height(), pixels);
    }
}
