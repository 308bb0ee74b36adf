package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

/**
 * Measures what a person looks at in a candidate's cutouts: is there a point source in the difference, or a dipole, a
 * hot pixel, a trail, an edge; what lies beneath it in the science image and the template.
 *
 * <p>All images are taken in units of their own robust noise and all lengths in units of the seeing, so the numbers
 * carry over between stamps of different size, depth and pixel scale. Neither date, ids, magnitude nor a survey's own score enters: they would
 * tell how the training set was chosen, not what the images show. Nor do the noise's correlation and what lies beyond the
 * candidate's surroundings: they tell one camera (or simulator) from another, and a model that heeds them does not carry
 * over (docs/methods/classifier.md). NaN means "not measured" (a missing or masked image).
 *
 * <p>An extractor owns scratch and is not for several threads; make one a thread.
 */
public final class CutoutFeatures {
    /**
     * Changes whenever features do. They only ever grow at the end, so that models of earlier versions can be served:
     * see {@link #count(int)}.
     */
    public static final int VERSION = 2;

    /** How many features each version has, from version 1. */
    private static final int[] COUNTS = {54, 56};

    /** Assumed seeing in pixels where none is given: between ZTF's 2.25 and LSST's 4. */
    private static final double USUAL_FWHM = 2.5;

    /** Fits reach this many fwhm from the centre. */
    private static final double REACH = 2.5;

    private static final double[] RINGS = {.5, 1, 1.5, 2.5, 4};

    private static final String[] NAMES = {
        // the difference image
        "diffSnr",
        "diffPeak",
        "diffPsfCorrelation",
        "diffWidth",
        "diffWidthGain",
        "diffSharpness",
        "diffConcentration",
        "diffMomentRadius",
        "diffElongation",
        "diffOffset",
        "diffNegativeFraction",
        "diffMinToPeak",
        "diffMin",
        "diffMinDistance",
        "diffNegatives",
        "diffAsymmetry180",
        "diffAsymmetry90",
        "diffSectorScatter",
        "diffRing1",
        "diffRing2",
        "diffRing3",
        "diffRing4",
        "diffRingScatter",
        "diffRowStreak",
        "diffColumnStreak",
        "diffLineStreak",
        "diffLineContrast",
        "diffMasked",
        "diffMaskedNear",
        "diffMaskDistance",
        // the science image at the place of the difference's peak
        "sciSnr",
        "sciPsfCorrelation",
        "sciWidth",
        "sciMomentRadius",
        "sciElongation",
        "sciOffset",
        "sciPeakNear",
        "sciMinNear",
        "sciMaskedNear",
        "sciBrightest",
        // the template
        "templateSnr",
        "templatePsfCorrelation",
        "templateWidth",
        "templateMomentRadius",
        "templateOffset",
        "templatePeakNear",
        "templateMinNear",
        "templateMaskedNear",
        // between them
        "diffToScience",
        "diffToTemplate",
        "diffScienceCorrelation",
        "diffTemplateCorrelation",
        "diffSubtractionCorrelation",
        "diffGradientShare",
        // the difference image beyond the candidate
        "diffPairedSpots",
        "diffPairedShare",
    };

    private static final List<String> NAME_LIST = List.of(NAMES);

    private final Stamp difference = new Stamp();
    private final Stamp science = new Stamp();
    private final Stamp template = new Stamp();
    private final double[] place = new double[2];
    private final double[] sector = new double[8];
    private final int[] sectorCount = new int[8];
    private final double[] ringSum = new double[RINGS.length];
    private final int[] ringCount = new int[RINGS.length];

    private float[] out = new float[0];
    private int at;

    /**
     * The seeing to measure a survey's cutouts with. ZTF's alerts give the width of the candidate itself under the name
     * {@code fwhm}, which is small for a cosmic ray and large for a ghost: measured by that yardstick they look like
     * stars (on real packets AUC .980 instead of .987), so it is not used.
     *
     * @param survey short name in lower case
     * @param fwhmPixels as the alert gives it; NaN if unknown
     * @return pixels; NaN if unknown
     */
    public static double seeing(String survey, double fwhmPixels) {
        return survey.equals("ztf") ? Double.NaN : fwhmPixels;
    }

    /** The features' names, in the order of the vectors. */
    public static List<String> names() {
        return NAME_LIST;
    }

    public static int count() {
        return NAMES.length;
    }

    /**
     * How many of the features, from the first, a version has.
     *
     * @throws IllegalArgumentException if there is no such version
     */
    static int count(int version) {
        if (version < 1 || version > VERSION) {
            throw new IllegalArgumentException("features: got version " + version + ", need 1 to " + VERSION);
        }
        return COUNTS[version - 1];
    }

    /** The version that has so many features. */
    static int version(int features) {
        for (int version = 1; version <= VERSION; version++) {
            if (COUNTS[version - 1] == features) {
                return version;
            }
        }
        throw new IllegalArgumentException("features: no version has " + features);
    }

    /**
     * Measures one candidate.
     *
     * @param cutouts of any size; the candidate lies at the centre, to about two pixels
     * @param seeingPixels FWHM, see {@link #seeing}; NaN if unknown, values outside [1.2, 8] are taken as the nearer end
     * @return {@link #count()} values in the order of {@link #names()}
     */
    public float[] extract(CutoutTriplet cutouts, double seeingPixels) {
        float[] target = new float[NAMES.length];
        extract(cutouts, seeingPixels, target, 0);
        return target;
    }

    /** As {@link #extract(CutoutTriplet, double)}, into {@code target[from...]}. */
    public void extract(CutoutTriplet cutouts, double seeingPixels, float[] target, int from) {
        if (seeingPixels <= 0) {
            throw new IllegalArgumentException(
                    "cutout features: got a seeing of " + seeingPixels + " px, need > 0 or NaN");
        }
        double fwhm = Double.isNaN(seeingPixels) ? USUAL_FWHM : Stamp.clamp(seeingPixels, 1.2, 8);
        load(science, cutouts.science());
        load(template, cutouts.template());
        load(difference, cutouts.difference());
        Cutout sci = cutouts.science();
        Cutout ref = cutouts.template();
        if (!difference.present
                && sci != null
                && ref != null
                && sci.width() == ref.width()
                && sci.height() == ref.height()) {
            difference.loadDifference(sci, ref);
        }
        out = target;
        at = from;
        Arrays.fill(target, from, from + NAMES.length, Float.NaN);
        Stamp main = difference.present ? difference : science;
        if (!main.present) {
            return;
        }
        findPeak(main, fwhm);
        double x0 = main.centroidX;
        double y0 = main.centroidY;
        if (difference.present) {
            measureDifference(x0, y0, fwhm);
        }
        // Stamps of one candidate share their centre, not always their size.
        double dx = x0 - centre(main.width);
        double dy = y0 - centre(main.height);
        at = from + NAME_LIST.indexOf("sciSnr");
        if (science.present) {
            measureScience(centre(science.width) + dx, centre(science.height) + dy, fwhm);
        }
        at = from + NAME_LIST.indexOf("templateSnr");
        if (template.present) {
            measureTemplate(centre(template.width) + dx, centre(template.height) + dy, fwhm);
        }
        at = from + NAME_LIST.indexOf("diffToScience");
        measureBetween(x0, y0, dx, dy, fwhm);
        at = from + NAME_LIST.indexOf("diffPairedSpots");
        if (difference.present) {
            measurePairs(x0, y0, fwhm);
        }
    }

    /** The science image of the last candidate, in units of its noise; valid until the next one. */
    Stamp science() {
        return science;
    }

    /** As {@link #science}, the template. */
    Stamp template() {
        return template;
    }

    /** As {@link #science}, the difference, or science less template where the survey gave none. */
    Stamp difference() {
        return difference;
    }

    private static void load(Stamp stamp, @Nullable Cutout cutout) {
        stamp.clear();
        if (cutout != null) {
            stamp.load(cutout);
        }
    }

    private static int centre(int side) {
        return side / 2;
    }

    private void put(double value) {
        // Infinities would fall in the last bin with honest values.
        out[at++] = Double.isInfinite(value) ? Float.NaN : (float) value;
    }

    /** Signed logarithm: linear for a few sigma, then orders of magnitude. */
    private static double squeeze(double value) {
        double size = Math.abs(value);
        return Math.copySign(Math.log1p(size), value);
    }

    /** The brightest pixel (mean of 3 x 3) within two pixels or one fwhm of the centre, then its centroid. */
    private void findPeak(Stamp stamp, double fwhm) {
        int cx = centre(stamp.width);
        int cy = centre(stamp.height);
        int reach = (int) Math.max(2, Math.round(fwhm));
        double best = Double.NEGATIVE_INFINITY;
        int bestX = cx;
        int bestY = cy;
        for (int y = cy - reach; y <= cy + reach; y++) {
            for (int x = cx - reach; x <= cx + reach; x++) {
                double sum = 0;
                for (int j = -1; j <= 1; j++) {
                    for (int i = -1; i <= 1; i++) {
                        float v = stamp.at(x + i, y + j);
                        sum += Float.isNaN(v) ? 0 : i == 0 && j == 0 ? 2 * v : v;
                    }
                }
                if (sum > best) {
                    best = sum;
                    bestX = x;
                    bestY = y;
                }
            }
        }
        stamp.centroid(bestX, bestY, fwhm, 1);
    }

    private void measureDifference(double x0, double y0, double fwhm) {
        Stamp d = difference;
        double reach = Math.max(REACH * fwhm, 3);
        d.fitWidth(x0, y0, fwhm, reach);
        int px = (int) Math.round(x0);
        int py = (int) Math.round(y0);
        double peak = d.extreme(x0, y0, Math.max(.6 * fwhm, 1), true, place);
        double amplitude = Math.max(Math.max(d.amplitude, peak), 1);
        put(squeeze(d.snr));
        put(squeeze(peak));
        put(d.correlation);
        put(d.widthLog2);
        put(d.widthGain);
        put(sharpness(d, x0, y0, px, py, fwhm));
        put(concentration(d, x0, y0, fwhm));
        d.moments(x0, y0, fwhm);
        put(d.momentRadius);
        put(Math.log(d.elongation));
        put(Math.hypot(x0 - centre(d.width), y0 - centre(d.height)) / fwhm);

        put(negativeFraction(d, x0, y0, reach));
        double min = d.extreme(x0, y0, 3 * fwhm, false, place);
        put(Stamp.clamp(min / amplitude, -3, 1));
        put(squeeze(min));
        put(Math.hypot(place[0] - x0, place[1] - y0) / fwhm);
        put(negatives(d, px, py));

        put(asymmetry(d, px, py, reach, amplitude, true));
        put(asymmetry(d, px, py, reach, amplitude, false));
        rings(d, x0, y0, fwhm, amplitude);
        streaks(d, px, py, fwhm);

        put(d.maskedFraction);
        put(d.maskedWithin(x0, y0, reach));
        put(d.distanceToMask(x0, y0, 4 * fwhm) / fwhm);
    }

    /** The centre's share of the innermost 3 x 3 pixels, over that of the seeing's profile: above 1 for a hot pixel. */
    private static double sharpness(Stamp d, double x0, double y0, int px, int py, double fwhm) {
        double sum = 0;
        double max = 0;
        double profileSum = 0;
        double profileMax = 0;
        for (int y = py - 1; y <= py + 1; y++) {
            for (int x = px - 1; x <= px + 1; x++) {
                float v = d.at(x, y);
                if (!Float.isNaN(v)) {
                    double p = Stamp.profile(x - x0, y - y0, fwhm);
                    sum += v;
                    max = Math.max(max, v);
                    profileSum += p;
                    profileMax = Math.max(profileMax, p);
                }
            }
        }
        return Stamp.clamp(max / Math.max(sum, .5 * max) * profileSum / profileMax, 0, 5);
    }

    /** Flux within 0.75 fwhm over flux within 2 fwhm, over the same of the seeing's profile. */
    private static double concentration(Stamp d, double x0, double y0, double fwhm) {
        int reach = (int) Math.ceil(2 * fwhm);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double inner = 0;
        double outer = 0;
        double profileInner = 0;
        double profileOuter = 0;
        for (int y = cy - reach; y <= cy + reach; y++) {
            for (int x = cx - reach; x <= cx + reach; x++) {
                float v = d.at(x, y);
                double r = Math.sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0)) / fwhm;
                if (Float.isNaN(v) || r > 2) {
                    continue;
                }
                double p = Stamp.profile(x - x0, y - y0, fwhm);
                outer += v;
                profileOuter += p;
                if (r <= .75) {
                    inner += v;
                    profileInner += p;
                }
            }
        }
        if (!(inner > 0)) {
            return Double.NaN;
        }
        return Stamp.clamp(inner / Math.max(outer, .25 * inner) * profileOuter / profileInner, 0, 5);
    }

    private static double negativeFraction(Stamp d, double x0, double y0, double radius) {
        int reach = (int) Math.ceil(radius);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double negative = 0;
        double all = 0;
        for (int y = cy - reach; y <= cy + reach; y++) {
            for (int x = cx - reach; x <= cx + reach; x++) {
                float v = d.at(x, y);
                // Below two sigma it is mostly noise, whatever its sign.
                if (Math.abs(v) > 2 && (x - x0) * (x - x0) + (y - y0) * (y - y0) <= radius * radius) {
                    all += Math.abs(v);
                    negative += v < 0 ? -v : 0;
                }
            }
        }
        return all > 0 ? negative / all : 0;
    }

    /** The share of pixels below -2 sigma in the innermost 7 x 7. */
    private static double negatives(Stamp d, int px, int py) {
        int count = 0;
        for (int y = py - 3; y <= py + 3; y++) {
            for (int x = px - 3; x <= px + 3; x++) {
                if (d.at(x, y) < -2) {
                    count++;
                }
            }
        }
        return count / 49.;
    }

    /** Mean absolute difference between the image and itself rotated, less the noise, over the amplitude. */
    private static double asymmetry(Stamp d, int px, int py, double radius, double amplitude, boolean halfTurn) {
        int reach = (int) Math.ceil(radius);
        double sum = 0;
        int count = 0;
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                if (x * x + y * y > radius * radius) {
                    continue;
                }
                float a = d.at(px + x, py + y);
                float b = halfTurn ? d.at(px - x, py - y) : d.at(px - y, py + x);
                if (!Float.isNaN(a) && !Float.isNaN(b)) {
                    sum += Math.abs(a - b);
                    count++;
                }
            }
        }
        // Two pixels of unit noise differ by 2 / sqrt(pi) on average.
        return count < 5 ? Double.NaN : Math.max(0, sum / count - 1.1284) / amplitude;
    }

    private void rings(Stamp d, double x0, double y0, double fwhm, double amplitude) {
        Arrays.fill(ringSum, 0);
        Arrays.fill(ringCount, 0);
        Arrays.fill(sector, 0);
        Arrays.fill(sectorCount, 0);
        double reach = RINGS[RINGS.length - 1] * fwhm;
        int window = (int) Math.ceil(reach);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double squares = 0;
        int outer = 0;
        for (int y = cy - window; y <= cy + window; y++) {
            for (int x = cx - window; x <= cx + window; x++) {
                float v = d.at(x, y);
                double r = Math.sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0)) / fwhm;
                if (Float.isNaN(v) || r > RINGS[RINGS.length - 1]) {
                    continue;
                }
                int ring = 0;
                while (r > RINGS[ring]) {
                    ring++;
                }
                ringSum[ring] += v;
                ringCount[ring]++;
                if (r > .75 && r <= 2) {
                    int s = (int) Math.floor((Math.atan2(y - y0, x - x0) / Math.PI + 1) * 4) & 7;
                    sector[s] += v;
                    sectorCount[s]++;
                }
                if (r > 1.5) {
                    squares += (double) v * v;
                    outer++;
                }
            }
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < 8; s++) {
            if (sectorCount[s] > 0) {
                double mean = sector[s] / sectorCount[s];
                low = Math.min(low, mean);
                high = Math.max(high, mean);
            }
        }
        put(high >= low ? Stamp.clamp((high - low) / amplitude, 0, 5) : Double.NaN);
        for (int ring = 1; ring < RINGS.length; ring++) {
            put(ringCount[ring] == 0 ? Double.NaN : Stamp.clamp(ringSum[ring] / ringCount[ring] / amplitude, -2, 2));
        }
        put(outer == 0 ? Double.NaN : Math.log(Math.max(Math.sqrt(squares / outer), .1)));
    }

    /** Straight lines through the peak: the mean along each of 16 directions beyond the core, times sqrt(length). */
    private void streaks(Stamp d, int px, int py, double fwhm) {
        double row = lineSignificance(d, px, py, 1, 0, fwhm);
        double column = lineSignificance(d, px, py, 0, 1, fwhm);
        double best = Math.max(row, column);
        double sum = 0;
        int directions = 0;
        for (int i = 0; i < 16; i++) {
            double angle = Math.PI * i / 16;
            double z = lineSignificance(d, px, py, Math.cos(angle), Math.sin(angle), fwhm);
            if (!Double.isNaN(z)) {
                best = Double.isNaN(best) ? z : Math.max(best, z);
                sum += z;
                directions++;
            }
        }
        put(squeeze(row));
        put(squeeze(column));
        put(squeeze(best));
        put(directions == 0 ? Double.NaN : squeeze(best - sum / directions));
    }

    private static double lineSignificance(Stamp d, int px, int py, double ux, double uy, double fwhm) {
        int from = (int) Math.ceil(1.75 * fwhm);
        int to = (int) Math.max(from + 4, Math.round(6 * fwhm));
        double sum = 0;
        int count = 0;
        for (int r = -to; r <= to; r++) {
            if (Math.abs(r) < from) {
                continue;
            }
            float v = d.at((int) Math.round(px + r * ux), (int) Math.round(py + r * uy));
            if (!Float.isNaN(v)) {
                // Cap: one neighbouring star is not a line.
                sum += Stamp.clamp(v, -15, 15);
                count++;
            }
        }
        return count < 4 ? Double.NaN : sum / Math.sqrt(count);
    }

    /**
     * Two spots that face each other across the candidate, such as the flashes of a satellite or an aeroplane: of each
     * pair the fainter one counts (mean of 3 x 3, sigma), of all pairs the brightest; and that over the candidate's own.
     */
    private void measurePairs(double x0, double y0, double fwhm) {
        Stamp d = difference;
        int px = (int) Math.round(x0);
        int py = (int) Math.round(y0);
        double near2 = 6.25 * fwhm * fwhm;
        double best = 0;
        for (int y = Math.max(1, 2 * py - d.height + 2); y < Math.min(d.height - 1, 2 * py); y++) {
            for (int x = Math.max(1, 2 * px - d.width + 2); x < Math.min(d.width - 1, 2 * px); x++) {
                // Few pixels of noise reach this, so that the means below are rarely needed.
                if (!(d.value[y * d.width + x] > 4)) {
                    continue;
                }
                double dx = x - px;
                double dy = y - py;
                if (dx * dx + dy * dy < near2 || !(d.mean(x, y) > best)) {
                    continue;
                }
                double facing = 0;
                for (int j = -1; j <= 1; j++) {
                    for (int i = -1; i <= 1; i++) {
                        double mean = d.mean(2 * px - x + i, 2 * py - y + j);
                        // Not max(): what is masked there is no spot, and NaN would be one.
                        facing = mean > facing ? mean : facing;
                    }
                }
                best = Math.max(best, Math.min(d.mean(x, y), facing));
            }
        }
        put(squeeze(best));
        put(Stamp.clamp(best / Math.max(d.mean(px, py), 1), 0, 3));
    }

    private void measureScience(double x0, double y0, double fwhm) {
        measureHost(science, x0, y0, fwhm, true);
        put(squeeze(science.brightest));
    }

    private void measureTemplate(double x0, double y0, double fwhm) {
        measureHost(template, x0, y0, fwhm, false);
    }

    private void measureHost(Stamp s, double x0, double y0, double fwhm, boolean withElongation) {
        double reach = Math.max(REACH * fwhm, 3);
        s.fitWidth(x0, y0, fwhm, reach);
        put(squeeze(s.snr));
        put(s.correlation);
        put(s.widthLog2);
        s.moments(x0, y0, fwhm);
        put(s.momentRadius);
        if (withElongation) {
            put(Math.log(s.elongation));
        }
        double peak = s.extreme(x0, y0, Math.max(2 * fwhm, 3), true, place);
        // Where nothing is seen there is no distance to it.
        put(peak > 4 ? Math.hypot(place[0] - x0, place[1] - y0) / fwhm : Double.NaN);
        put(squeeze(peak));
        put(squeeze(s.extreme(x0, y0, reach, false, place)));
        put(s.maskedWithin(x0, y0, reach));
    }

    private void measureBetween(double x0, double y0, double dx, double dy, double fwhm) {
        if (!difference.present) {
            return;
        }
        double flux = difference.amplitude * difference.sigma;
        put(science.present ? ratio(flux, science) : Double.NaN);
        put(template.present ? ratio(flux, template) : Double.NaN);
        double sx = centre(science.width) + dx;
        double sy = centre(science.height) + dy;
        double tx = centre(template.width) + dx;
        double ty = centre(template.height) + dy;
        put(science.present ? correlation(x0, y0, sx, sy, tx, ty, 1, 0, fwhm) : Double.NaN);
        put(template.present ? correlation(x0, y0, sx, sy, tx, ty, 0, 1, fwhm) : Double.NaN);
        put(
                science.present && template.present
                        ? Math.abs(correlation(x0, y0, sx, sy, tx, ty, science.sigma, -template.sigma, fwhm))
                        : Double.NaN);
        put(template.present ? gradientShare(x0, y0, tx, ty, fwhm) : Double.NaN);
    }

    /** log of the difference's flux over the other image's at the same place, the latter at least its noise. */
    private static double ratio(double flux, Stamp other) {
        double reference = Math.max(Math.abs(other.amplitude), 1) * other.sigma;
        return Math.log(Math.max(Math.abs(flux), 1e-3 * reference) / reference);
    }

    /** Pearson's correlation of the difference with a mix of science and template around the peak. */
    private double correlation(
            double x0,
            double y0,
            double sx,
            double sy,
            double tx,
            double ty,
            double inScience,
            double inTemplate,
            double fwhm) {
        int reach = (int) Math.ceil(2 * fwhm);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        int scx = (int) Math.round(sx);
        int scy = (int) Math.round(sy);
        int tcx = (int) Math.round(tx);
        int tcy = (int) Math.round(ty);
        double n = 0;
        double sa = 0;
        double sb = 0;
        double saa = 0;
        double sbb = 0;
        double sab = 0;
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                double a = difference.at(cx + x, cy + y);
                double b = (inScience == 0 ? 0 : inScience * science.at(scx + x, scy + y))
                        + (inTemplate == 0 ? 0 : inTemplate * template.at(tcx + x, tcy + y));
                if (!Double.isNaN(a) && !Double.isNaN(b)) {
                    n++;
                    sa += a;
                    sb += b;
                    saa += a * a;
                    sbb += b * b;
                    sab += a * b;
                }
            }
        }
        double variances = (saa - sa * sa / n) * (sbb - sb * sb / n);
        return n < 9 || !(variances > 0) ? Double.NaN : (sab - sa * sb / n) / Math.sqrt(variances);
    }

    /**
     * How much of the difference the template's gradient explains (R^2 of a regression on its two components): near 1
     * where a source was shifted between the images, which makes a dipole.
     */
    private double gradientShare(double x0, double y0, double tx, double ty, double fwhm) {
        int reach = (int) Math.ceil(2 * fwhm);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        int tcx = (int) Math.round(tx);
        int tcy = (int) Math.round(ty);
        double gg = 0;
        double hh = 0;
        double gh = 0;
        double gv = 0;
        double hv = 0;
        double vv = 0;
        int n = 0;
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                double v = difference.at(cx + x, cy + y);
                double g = template.at(tcx + x + 1, tcy + y) - template.at(tcx + x - 1, tcy + y);
                double h = template.at(tcx + x, tcy + y + 1) - template.at(tcx + x, tcy + y - 1);
                if (!Double.isNaN(v) && !Double.isNaN(g) && !Double.isNaN(h)) {
                    gg += g * g;
                    hh += h * h;
                    gh += g * h;
                    gv += g * v;
                    hv += h * v;
                    vv += v * v;
                    n++;
                }
            }
        }
        double determinant = gg * hh - gh * gh;
        if (n < 9 || !(determinant > 1e-9 * gg * hh) || !(vv > 0)) {
            return Double.NaN;
        }
        double a = (gv * hh - hv * gh) / determinant;
        double b = (hv * gg - gv * gh) / determinant;
        return (a * gv + b * hv) / vv;
    }
}
