package org.skysieve.engine.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/**
 * Reads alerts of ZTF's shape: a {@code candidate} record with the detection, {@code prv_candidates} with 30 days of
 * detections and upper limits, and three stamps. Every schema version from before 1.1 to 4.02 passes, and so do the
 * surveys and brokers that took the shape over (Fink, PGIR, WINTER, TURBO, ATLAS, DECam).
 *
 * <p>With {@code isdiffpos} = {@code f} ZTF has already flipped the sign of the difference stamp, so that nothing is
 * flipped here.
 */
final class ZtfAlerts {
    /** The names that {@link #packet} asks for; everything else need not be decoded. */
    static final Set<String> FIELDS = Set.of(
            "schemavsn",
            "publisher",
            "objectId",
            "candid",
            "alertId",
            "candidate",
            "prv_candidates",
            "prv_candidate",
            "fp_hists",
            "cutoutScience",
            "cutoutTemplate",
            "cutoutDifference",
            "stampData",
            "jd",
            "mjd",
            "fid",
            "band",
            "filter",
            "ra",
            "dec",
            "RA",
            "Dec",
            "magpsf",
            "sigmapsf",
            "forcediffimmag",
            "forcediffimmagunc",
            "forcediffimflux",
            "Mag",
            "Dmag",
            "diffmaglim",
            "isdiffpos",
            "fwhm",
            "rb",
            "drb",
            "reliability",
            "scorr",
            "pixelscale",
            "ssdistnr",
            "ssmagnr",
            "ssnamenr",
            "distpsnr1",
            "sgscore1",
            "srmag1",
            "simag1",
            "sgmag1",
            "distpsnr2",
            "sgscore2",
            "srmag2",
            "simag2",
            "sgmag2",
            "distpsnr3",
            "sgscore3",
            "srmag3",
            "simag3",
            "sgmag3",
            "neargaia",
            "maggaia",
            "neargaiabright",
            "maggaiabright",
            "ndethist");

    private static final double JD_OF_MJD_0 = 2_400_000.5;
    private static final double ZTF_PIXEL_ARCSEC = 1.01;

    /** 2.5 / ln 10: a relative error of flux in magnitudes. */
    private static final double POGSON = 1.0857362047581296;

    private ZtfAlerts() {}

    static boolean hasShape(org.apache.avro.Schema schema) {
        return schema.getField("candidate") != null;
    }

    /**
     * @throws IllegalArgumentException if the detection itself (id, time, position) is missing or out of range
     */
    static AlertPacket packet(GenericRecord alert) {
        GenericRecord candidate = Fields.record(alert, "candidate");
        if (candidate == null) {
            throw new IllegalArgumentException("candidate: missing");
        }
        List<String> remarks = new ArrayList<>();
        long candid = Fields.id(
                alert,
                "candid",
                remarks,
                Fields.first(alert, "candid"),
                Fields.first(candidate, "candid"),
                Fields.first(alert, "alertId"));
        String objectId = Fields.objectName(Fields.text(alert, "objectId"));
        String survey = survey(alert, objectId);
        if (objectId.isEmpty()) {
            // Schema versions before 1.7 name no object.
            objectId = survey + candid;
            remarks.add("objectId: missing, " + objectId + " stands for it");
        }
        double timeMjd = Fields.timeMjd(timeMjd(candidate));
        Passband passband = passband(candidate, survey);
        double mag = magnitude(candidate);
        double magError = Double.isNaN(mag) ? Double.NaN : magnitudeError(candidate);
        Boolean positive = Fields.flag(candidate, "isdiffpos");
        if (positive == null) {
            remarks.add("isdiffpos: " + (Fields.text(candidate, "isdiffpos").isEmpty() ? "missing" : "not understood")
                    + ", taken as positive");
            positive = true;
        }
        CutoutTriplet cutouts = new CutoutTriplet(
                Fields.stamp(alert, "cutoutScience", remarks),
                Fields.stamp(alert, "cutoutTemplate", remarks),
                Fields.stamp(alert, "cutoutDifference", remarks));
        List<LightCurvePoint> history = new ArrayList<>();
        if (!Double.isNaN(mag)) {
            history.add(LightCurvePoint.detection(
                    timeMjd, passband, mag, magError, positiveNumber(candidate, "diffmaglim"), positive));
        }
        addHistory(history, alert, survey);
        return new AlertPacket(
                survey,
                candid,
                objectId,
                timeMjd,
                Fields.rightAscension(Fields.rawNumber(candidate, "ra", "RA")),
                Fields.declination(Fields.rawNumber(candidate, "dec", "Dec")),
                passband,
                mag,
                magError,
                signalToNoise(candidate, magError),
                positive,
                positiveNumber(candidate, "fwhm"),
                pixelScale(candidate, survey),
                score(alert, candidate, survey),
                cutouts,
                LightCurve.of(history),
                surroundings(candidate),
                remarks);
    }

    /** ZTF names the nearest of each within 30 arcseconds (Gaia: 90), and writes -999 where there is none. */
    private static Surroundings surroundings(GenericRecord candidate) {
        KnownObject known = null;
        double toKnown = distance(candidate, "ssdistnr");
        if (!Double.isNaN(toKnown)) {
            String name = Fields.text(candidate, "ssnamenr");
            known = new KnownObject(
                    name.equals("null") || name.startsWith("-99") ? "" : name,
                    toKnown,
                    positiveNumber(candidate, "ssmagnr"));
        }
        List<Neighbour> neighbours = new ArrayList<>();
        for (String number : List.of("1", "2", "3")) {
            double arcsec = distance(candidate, "distpsnr" + number);
            if (!Double.isNaN(arcsec)) {
                neighbours.add(new Neighbour(
                        Neighbour.PS1,
                        arcsec,
                        firstPositive(candidate, "srmag" + number, "simag" + number, "sgmag" + number),
                        inUnitInterval(Fields.number(candidate, "sgscore" + number))));
            }
        }
        double toGaia = distance(candidate, "neargaia");
        if (!Double.isNaN(toGaia)) {
            neighbours.add(new Neighbour(Neighbour.GAIA, toGaia, positiveNumber(candidate, "maggaia"), Double.NaN));
        }
        double toBright = distance(candidate, "neargaiabright");
        // The nearest may be bright itself: once is enough.
        if (!Double.isNaN(toBright) && toBright != toGaia) {
            neighbours.add(
                    new Neighbour(Neighbour.GAIA, toBright, positiveNumber(candidate, "maggaiabright"), Double.NaN));
        }
        double detections = Fields.number(candidate, "ndethist");
        return new Surroundings(
                has(candidate, "ssdistnr"),
                known,
                has(candidate, "distpsnr1"),
                neighbours,
                detections >= 0 && detections < Integer.MAX_VALUE ? (int) detections : -1);
    }

    /** NaN where there is nothing near; the field alone says that somebody looked. */
    private static double distance(GenericRecord candidate, String name) {
        double arcsec = Fields.number(candidate, name);
        return arcsec >= 0 ? arcsec : Double.NaN;
    }

    private static double firstPositive(GenericRecord candidate, String... names) {
        for (String name : names) {
            double value = positiveNumber(candidate, name);
            if (!Double.isNaN(value)) {
                return value;
            }
        }
        return Double.NaN;
    }

    private static boolean has(GenericRecord candidate, String name) {
        return Fields.first(candidate, name) != null;
    }

    private static String survey(GenericRecord alert, String objectId) {
        if (objectId.startsWith("ZTF") || Fields.text(alert, "publisher").contains("ZTF")) {
            return "ztf";
        }
        String namespace = Fields.namespace(alert);
        return namespace.isEmpty() ? "ztf" : namespace;
    }

    private static double timeMjd(GenericRecord record) {
        double mjd = Fields.number(record, "mjd");
        return Double.isNaN(mjd) ? Fields.number(record, "jd") - JD_OF_MJD_0 : mjd;
    }

    private static Passband passband(GenericRecord record, String survey) {
        String name = Fields.text(record, "band", "filter");
        if (!name.isEmpty()) {
            return Passbands.named(name);
        }
        if (survey.equals("ztf")) {
            double fid = Fields.number(record, "fid");
            return Double.isNaN(fid) ? Passband.OTHER : Passbands.ofZtf((int) fid);
        }
        // Gattini-IR has one filter and does not say so.
        return survey.equals("pgir") ? Passband.J : Passband.OTHER;
    }

    private static double magnitude(GenericRecord record) {
        return Fields.number(record, "magpsf", "forcediffimmag", "Mag");
    }

    private static double magnitudeError(GenericRecord record) {
        return positiveNumber(record, "sigmapsf", "forcediffimmagunc", "Dmag");
    }

    private static double positiveNumber(GenericRecord record, String... names) {
        double value = Fields.number(record, names);
        return value > 0 ? value : Double.NaN;
    }

    private static double signalToNoise(GenericRecord candidate, double magError) {
        double scorr = positiveNumber(candidate, "scorr");
        return Double.isNaN(scorr) ? POGSON / magError : scorr;
    }

    private static double pixelScale(GenericRecord candidate, String survey) {
        double given = positiveNumber(candidate, "pixelscale");
        return Double.isNaN(given) && survey.equals("ztf") ? ZTF_PIXEL_ARCSEC : given;
    }

    /** The deep-learning score if there is one, else the random forest's. */
    private static double score(GenericRecord alert, GenericRecord candidate, String survey) {
        double deep = inUnitInterval(Fields.number(candidate, "drb", "reliability"));
        // drb came with schema 3.3; Fink and others fill older packets up with zeros.
        boolean placeholder = deep == 0 && survey.equals("ztf") && !(schemaVersion(alert) >= 3.3);
        return Double.isNaN(deep) || placeholder ? inUnitInterval(Fields.number(candidate, "rb")) : deep;
    }

    private static double inUnitInterval(double score) {
        return score >= 0 && score <= 1 ? score : Double.NaN;
    }

    private static double schemaVersion(GenericRecord alert) {
        try {
            return Double.parseDouble(Fields.text(alert, "schemavsn"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static void addHistory(List<LightCurvePoint> history, GenericRecord alert, String survey) {
        List<?> previous = Fields.list(alert, "prv_candidates", "prv_candidate");
        if (previous.isEmpty() && !survey.equals("ztf")) {
            // DECam's alerts have forced photometry instead; ZTF's has fluxes only, of which we need none.
            previous = Fields.list(alert, "fp_hists");
        }
        for (Object item : previous) {
            if (item instanceof GenericRecord earlier) {
                LightCurvePoint point = point(earlier, survey);
                if (point != null) {
                    history.add(point);
                }
            }
        }
    }

    private static @Nullable LightCurvePoint point(GenericRecord earlier, String survey) {
        double time = timeMjd(earlier);
        if (Double.isNaN(time)) {
            return null;
        }
        Passband passband = passband(earlier, survey);
        double limit = positiveNumber(earlier, "diffmaglim");
        double mag = magnitude(earlier);
        if (Double.isNaN(mag)) {
            return Double.isNaN(limit) ? null : LightCurvePoint.upperLimit(time, passband, limit);
        }
        Boolean positive = Fields.flag(earlier, "isdiffpos");
        return LightCurvePoint.detection(
                time, passband, mag, magnitudeError(earlier), limit, positive == null || positive);
    }
}
