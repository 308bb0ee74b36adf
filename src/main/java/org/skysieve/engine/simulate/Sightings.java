package org.skysieve.engine.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/**
 * All exposures of one object's place from 40 days before its first alert to its last alert, with the cadence and depth
 * measured on ZTF: gaps of 1/2/2/3/4 nights at the 10/25/50/75/90 % quantiles, half of the nights one exposure in g and
 * one in r, median limiting magnitudes g 20.2, r 20.1, i 19.7.
 */
final class Sightings {
    private static final double DAYS_BEFORE = 40;
    /** One sigma in magnitudes at 0, 1, 2, 3, 4 magnitudes above the limit, and further up. */
    private static final double[] MAG_ERROR = {.16, .10, .067, .054, .042, .034, .028, .024, .021};

    private final List<Sighting> all;
    private final int[] alerts;

    private Sightings(List<Sighting> all, int[] alerts) {
        this.all = all;
        this.alerts = alerts;
    }

    /** The exposure of the object's alert number {@code k}, from 0. */
    Sighting alert(int k) {
        return all.get(alerts[k]);
    }

    /** What the packet of alert {@code k} tells: the 30 days before it, and itself. */
    List<LightCurvePoint> history(int k) {
        List<LightCurvePoint> points = new ArrayList<>();
        double end = alert(k).timeMjd();
        for (int i = 0; i <= alerts[k]; i++) {
            if (end - all.get(i).timeMjd() <= 30) {
                points.add(all.get(i).point());
            }
        }
        return points;
    }

    /**
     * @param alertCount how many alerts the object has
     * @param faintestSnr the signal-to-noise of the faintest of them
     */
    static Sightings draw(
            SplittableRandom random, Kind kind, double firstNightMjd, int alertCount, double faintestSnr) {
        List<Empty> exposures = new ArrayList<>();
        int first = exposuresBefore(random, firstNightMjd, exposures);
        int[] alerts = exposuresAfter(random, first, alertCount, exposures);
        double[] snr = kind.real
                ? realSnr(random, kind, exposures, alerts, faintestSnr)
                : bogusSnr(random, kind, exposures, alerts, faintestSnr);

        List<Sighting> all = new ArrayList<>(exposures.size());
        int next = 0;
        for (int i = 0; i < exposures.size(); i++) {
            boolean alert = next < alerts.length && alerts[next] == i;
            next += alert ? 1 : 0;
            all.add(measure(random, exposures.get(i), snr[i], alert));
        }
        return new Sightings(all, alerts);
    }

    /** An exposure before anything was measured on it. */
    private record Empty(double timeMjd, Passband passband, double limitMag, double depth) {}

    /** Nights back in time from the first alert's; returns the index of the first alert's exposure. */
    private static int exposuresBefore(SplittableRandom random, double firstNightMjd, List<Empty> exposures) {
        List<Double> nights = new ArrayList<>();
        for (double night = firstNightMjd; night > firstNightMjd - DAYS_BEFORE; night -= gap(random)) {
            nights.add(night);
        }
        for (int i = nights.size() - 1; i > 0; i--) {
            observe(random, nights.get(i), exposures);
        }
        int before = exposures.size();
        observe(random, firstNightMjd, exposures);
        return before + random.nextInt(exposures.size() - before);
    }

    /** The alerts' exposures: the first one and later ones, adding nights as needed. */
    private static int[] exposuresAfter(SplittableRandom random, int first, int count, List<Empty> exposures) {
        int[] alerts = new int[count];
        alerts[0] = first;
        double night = Math.floor(exposures.get(first).timeMjd());
        for (int k = 1; k < count; k++) {
            night += gap(random);
            if (random.nextDouble() < 0.25) {
                observe(random, night, exposures);
                night += gap(random);
            }
            alerts[k] = exposures.size();
            observe(random, night, exposures);
        }
        return alerts;
    }

    /** Days to the next night with an exposure. */
    private static int gap(SplittableRandom random) {
        double u = random.nextDouble();
        if (u < .20) {
            return 1;
        }
        if (u < .60) {
            return 2;
        }
        if (u < .82) {
            return 3;
        }
        return u < .93 ? 4 : 5 + random.nextInt(5);
    }

    private static void observe(SplittableRandom random, double night, List<Empty> exposures) {
        double time = night + 0.15 + 0.28 * random.nextDouble();
        // The Moon takes depth away around every full one (2026-11-24 among them).
        double moon = -0.6 * Math.cos(2 * Math.PI * (night - 61368.6) / 29.53);
        if (random.nextDouble() < 0.5) {
            boolean gFirst = random.nextBoolean();
            exposures.add(exposure(random, time, gFirst ? Passband.G : Passband.R, moon));
            exposures.add(
                    exposure(random, time + 0.02 + 0.05 * random.nextDouble(), gFirst ? Passband.R : Passband.G, moon));
        } else {
            double u = random.nextDouble();
            exposures.add(exposure(random, time, u < .40 ? Passband.G : u < .92 ? Passband.R : Passband.I, moon));
        }
    }

    private static Empty exposure(SplittableRandom random, double time, Passband passband, double moon) {
        double depth = 0.8 * random.nextGaussian() + moon;
        double median = passband == Passband.G ? 20.2 : passband == Passband.R ? 20.1 : 19.7;
        return new Empty(time, passband, median + 0.3 * Math.max(-4, Math.min(2.5, depth)), depth);
    }

    private static double[] realSnr(
            SplittableRandom random, Kind kind, List<Empty> exposures, int[] alerts, double faintestSnr) {
        FluxCurve curve = FluxCurve.draw(kind, random);
        double start = exposures.get(alerts[0]).timeMjd();
        double[] snr = new double[exposures.size()];
        for (int i = 0; i < snr.length; i++) {
            Empty exposure = exposures.get(i);
            double depth = Math.pow(10, 0.4 * (exposure.limitMag() - 20));
            snr[i] = depth * curve.at(exposure.timeMjd() - start, exposure.passband());
        }
        double brightest = 0;
        for (int alert : alerts) {
            brightest = Math.max(brightest, Math.abs(snr[alert]));
        }
        double faintest = Double.POSITIVE_INFINITY;
        for (int alert : alerts) {
            // A curve may cross zero at an alert; what alerted is never much fainter than the object's other alerts.
            snr[alert] = Math.copySign(Math.max(Math.abs(snr[alert]), Math.max(0.1 * brightest, 1e-12)), snr[alert]);
            faintest = Math.min(faintest, Math.abs(snr[alert]));
        }
        for (int i = 0; i < snr.length; i++) {
            snr[i] = Math.max(-2000, Math.min(2000, snr[i] * faintestSnr / faintest));
        }
        return snr;
    }

    /** An artefact has no light curve: now and then the place is detected again, up or down. */
    private static double[] bogusSnr(
            SplittableRandom random, Kind kind, List<Empty> exposures, int[] alerts, double typicalSnr) {
        double[] snr = new double[exposures.size()];
        for (int i = 0; i < snr.length; i++) {
            if (random.nextDouble() < kind.recurrence) {
                snr[i] = bogusSnr(random, kind, typicalSnr);
            }
        }
        snr[alerts[0]] = random.nextDouble() < kind.positiveShare ? typicalSnr : -typicalSnr;
        for (int k = 1; k < alerts.length; k++) {
            snr[alerts[k]] = bogusSnr(random, kind, typicalSnr);
        }
        return snr;
    }

    private static double bogusSnr(SplittableRandom random, Kind kind, double typicalSnr) {
        double size = Math.max(Kind.DETECTION_SNR * 1.02, typicalSnr * Math.exp(0.4 * random.nextGaussian()));
        return random.nextDouble() < kind.positiveShare ? size : -size;
    }

    private static Sighting measure(SplittableRandom random, Empty exposure, double snr, boolean alert) {
        double size = Math.abs(snr);
        boolean detected = alert || size + random.nextGaussian() >= Kind.DETECTION_SNR;
        LightCurvePoint point;
        if (detected) {
            double above = 2.5 * Math.log10(Math.max(size, Kind.DETECTION_SNR) / Kind.DETECTION_SNR);
            double error = magError(above);
            // A detection is brighter than the limit, as surveys define it.
            double mag = exposure.limitMag() - Math.max(0, above + error * random.nextGaussian());
            point = LightCurvePoint.detection(
                    exposure.timeMjd(), exposure.passband(), mag, error, exposure.limitMag(), snr >= 0);
        } else {
            point = LightCurvePoint.upperLimit(exposure.timeMjd(), exposure.passband(), exposure.limitMag());
        }
        return new Sighting(exposure.timeMjd(), exposure.passband(), exposure.limitMag(), exposure.depth(), snr, point);
    }

    /** @param above magnitudes above the limit, not negative */
    static double magError(double above) {
        double x = Math.min(above, MAG_ERROR.length - 1);
        int i = (int) Math.min(x, MAG_ERROR.length - 2);
        return MAG_ERROR[i] + (x - i) * (MAG_ERROR[i + 1] - MAG_ERROR[i]);
    }
}
