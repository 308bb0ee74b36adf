package org.skysieve.engine.lightcurve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The measurements of one object in order of time. Immutable; merging the same packet twice changes nothing. */
public final class LightCurve {
    public static final LightCurve EMPTY = new LightCurve(List.of());

    /** Two points of one passband closer than this are one exposure: 0.5 s, in days. */
    private static final double SAME_EXPOSURE_DAYS = 0.5 / 86_400;

    private final List<LightCurvePoint> points;

    private LightCurve(List<LightCurvePoint> points) {
        this.points = points;
    }

    public static LightCurve of(Collection<LightCurvePoint> points) {
        return EMPTY.merge(points);
    }

    /** In order of time, then of passband. */
    public List<LightCurvePoint> points() {
        return points;
    }

    /**
     * This light curve with {@code more} added. Of two points of the same exposure and passband a detection wins over
     * an upper limit, else the one already here stays.
     */
    public LightCurve merge(Collection<LightCurvePoint> more) {
        List<LightCurvePoint> all = new ArrayList<>(points.size() + more.size());
        all.addAll(points);
        all.addAll(more);
        // Stable: among equals, what was here before comes first.
        all.sort(Comparator.comparing(LightCurvePoint::passband).thenComparingDouble(LightCurvePoint::timeMjd));
        List<LightCurvePoint> kept = new ArrayList<>(all.size());
        for (LightCurvePoint point : all) {
            LightCurvePoint last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (last == null
                    || last.passband() != point.passband()
                    || point.timeMjd() - last.timeMjd() > SAME_EXPOSURE_DAYS) {
                kept.add(point);
            } else if (!last.isDetection() && point.isDetection()) {
                kept.set(kept.size() - 1, point);
            }
        }
        kept.sort(Comparator.comparingDouble(LightCurvePoint::timeMjd).thenComparing(LightCurvePoint::passband));
        return new LightCurve(List.copyOf(kept));
    }

    public LightCurve merge(LightCurve other) {
        return merge(other.points);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LightCurve that && points.equals(that.points);
    }

    @Override
    public int hashCode() {
        return points.hashCode();
    }

    @Override
    public String toString() {
        return "LightCurve[" + points.size() + " points]";
    }
}
