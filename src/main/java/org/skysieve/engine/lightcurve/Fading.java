package org.skysieve.engine.lightcurve;

import java.util.Comparator;
import java.util.List;

/**
 * How fast a source fades: the difference in magnitude of the last two detections in one passband, over the days between
 * them. Of several passbands the one seen last tells. Detections within half a day count as one: their difference is noise.
 */
public final class Fading {
    private static final double LEAST_DAYS = 0.5;

    private Fading() {}

    /** In mag a day, negative while it brightens; NaN without two such detections. */
    public static double magPerDay(LightCurve curve) {
        List<LightCurvePoint> newestFirst = curve.points().stream()
                .filter(LightCurvePoint::isDetection)
                .sorted(Comparator.comparingDouble(LightCurvePoint::timeMjd).reversed())
                .toList();
        for (LightCurvePoint last : newestFirst) {
            for (LightCurvePoint before : newestFirst) {
                double days = last.timeMjd() - before.timeMjd();
                if (days >= LEAST_DAYS && before.passband() == last.passband()) {
                    return (last.mag() - before.mag()) / days;
                }
            }
        }
        return Double.NaN;
    }
}
