package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/**
 * A light curve as SVG: magnitudes upside down as astronomers draw them (bright is up), days from one moment across.
 * Each passband has a colour and a shape of its own, so that neither alone carries the meaning; a detection fainter than
 * in the template is hollow; an upper limit is a small hollow triangle that points down.
 */
final class LightCurveChart {
    private static final int LEFT = 44;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 34;
    private static final double WHISKER_CAP = 2.5;

    private final List<LightCurvePoint> points;
    private final double nowMjd;
    private final Words words;
    private final CandidateMessages messages;
    private final Axis time;
    private final Axis magnitude;
    private final int width;
    private final int height;

    /**
     * @param nowMjd the moment that the days count from: the candidate's own detection
     * @param width of the view box, pixels, at least 160
     */
    LightCurveChart(LightCurve curve, double nowMjd, int width, int height, Words words) {
        this.points = curve.points().stream()
                .filter(point -> point.isDetection() || !Double.isNaN(point.limitMag()))
                .toList();
        this.nowMjd = nowMjd;
        this.words = words;
        this.messages = words.candidate();
        this.width = width;
        this.height = height;
        this.time = timeAxis();
        this.magnitude = magnitudeAxis();
    }

    /** Days from {@code nowMjd}, left to right. */
    Axis time() {
        return time;
    }

    /** Magnitudes, bright at the top. */
    Axis magnitude() {
        return magnitude;
    }

    private Axis timeAxis() {
        double first = 0;
        double last = 0;
        for (LightCurvePoint point : points) {
            first = Math.min(first, point.timeMjd() - nowMjd);
            last = Math.max(last, point.timeMjd() - nowMjd);
        }
        double margin = Math.max(0.5, 0.04 * (last - first));
        return new Axis(first - margin, last + margin, LEFT, width - RIGHT);
    }

    private Axis magnitudeAxis() {
        double bright = Double.POSITIVE_INFINITY;
        double faint = Double.NEGATIVE_INFINITY;
        for (LightCurvePoint point : points) {
            double error = point.isDetection() && !Double.isNaN(point.magError()) ? Math.min(1, point.magError()) : 0;
            double at = point.isDetection() ? point.mag() : point.limitMag();
            bright = Math.min(bright, at - error);
            faint = Math.max(faint, at + error);
        }
        if (points.isEmpty()) {
            bright = 18;
            faint = 21;
        }
        double margin = Math.max(0.25, 0.06 * (faint - bright));
        return new Axis(bright - margin, faint + margin, TOP, height - BOTTOM);
    }

    /** The marks that occur, passbands by wavelength, and what they mean. */
    List<CandidateFigures.Key> keys() {
        Set<Passband> bands = new TreeSet<>();
        points.forEach(point -> bands.add(point.passband()));
        List<CandidateFigures.Key> keys = new ArrayList<>();
        for (Passband band : bands) {
            Svg svg = keySvg(band(band));
            marker(svg, "mark", band, 7, 7);
            keys.add(new CandidateFigures.Key(svg.toString(), band.label()));
        }
        if (points.stream().anyMatch(point -> point.isDetection() && !point.positive())) {
            keys.add(new CandidateFigures.Key(
                    keySvg("other").circle("mark negative", 7, 7, 4.5).toString(), messages.curveNegative()));
        }
        if (points.stream().anyMatch(point -> !point.isDetection())) {
            keys.add(new CandidateFigures.Key(
                    keySvg("other")
                            .polygon("limit", 7, 6, -4.5, -3, 4.5, -3, 0, 5)
                            .toString(),
                    messages.curveLimit()));
        }
        return keys;
    }

    private static Svg keySvg(String band) {
        return new Svg(14, 14, "chart-key band-" + band, "");
    }

    String render() {
        Svg svg = new Svg(width, height, "chart light-curve", describe(points, words));
        drawGrid(svg);
        // Limits first: a detection must never hide behind one.
        points.stream().filter(point -> !point.isDetection()).forEach(point -> drawLimit(svg, point));
        points.stream().filter(LightCurvePoint::isDetection).forEach(point -> drawDetection(svg, point));
        if (points.isEmpty()) {
            svg.text("", (LEFT + width - RIGHT) / 2.0, (TOP + height - BOTTOM) / 2.0, "middle", messages.curveEmpty());
        }
        return svg.toString();
    }

    private void drawGrid(Svg svg) {
        int most = Math.max(3, (height - TOP - BOTTOM) / 28);
        int decimals = magnitude.decimals(most);
        for (double tick : magnitude.ticks(most)) {
            double y = magnitude.at(tick);
            svg.line("grid-line", LEFT, y, width - RIGHT, y);
            svg.text("", LEFT - 6, y + 4, "end", Wording.decimals(tick, decimals));
        }
        int mostDays = Math.max(3, (width - LEFT - RIGHT) / 70);
        int dayDecimals = time.decimals(mostDays);
        double base = height - BOTTOM;
        for (double tick : time.ticks(mostDays)) {
            double x = time.at(tick);
            svg.line("axis", x, base, x, base + 4);
            svg.text(
                    "",
                    x,
                    base + 16,
                    "middle",
                    Wording.decimals(tick, dayDecimals).replace('-', '−'));
        }
        svg.line("axis", LEFT, base, width - RIGHT, base);
        svg.line("now", time.at(0), TOP, time.at(0), base);
        svg.text("", width - RIGHT, height - 4, "end", messages.curveDays());
        svg.text("", 2, height - 4, "start", messages.magUnit());
    }

    private void drawLimit(Svg svg, LightCurvePoint point) {
        svg.open("band-" + band(point.passband())).title(words(point));
        svg.polygon("limit", x(point), magnitude.at(point.limitMag()), -3.5, -2, 3.5, -2, 0, 4);
        svg.close();
    }

    private void drawDetection(Svg svg, LightCurvePoint point) {
        double x = x(point);
        svg.open("band-" + band(point.passband())).title(words(point));
        if (!Double.isNaN(point.magError())) {
            double top = magnitude.at(point.mag() - Math.min(1, point.magError()));
            double bottom = magnitude.at(point.mag() + Math.min(1, point.magError()));
            svg.line("whisker", x, top, x, bottom);
            svg.line("whisker", x - WHISKER_CAP, top, x + WHISKER_CAP, top);
            svg.line("whisker", x - WHISKER_CAP, bottom, x + WHISKER_CAP, bottom);
        }
        marker(svg, point.positive() ? "mark" : "mark negative", point.passband(), x, magnitude.at(point.mag()));
        svg.close();
    }

    private double x(LightCurvePoint point) {
        return time.at(point.timeMjd() - nowMjd);
    }

    private static void marker(Svg svg, String classes, Passband band, double x, double y) {
        switch (band) {
            case G, CYAN -> svg.circle(classes, x, y, 4.5);
            case R, ORANGE -> svg.rect(classes, x - 4, y - 4, 8, 8, 0);
            case I -> svg.polygon(classes, x, y, 0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0);
            case U -> svg.polygon(classes, x, y, 0, -5.5, 5, 4, -5, 4);
            case Z -> svg.polygon(classes, x, y, 0, -5.5, 5.2, -1.7, 3.2, 4.4, -3.2, 4.4, -5.2, -1.7);
            default ->
                svg.polygon(
                        classes, x, y, -1.7, -5, 1.7, -5, 1.7, -1.7, 5, -1.7, 5, 1.7, 1.7, 1.7, 1.7, 5, -1.7, 5, -1.7,
                        1.7, -5, 1.7, -5, -1.7, -1.7, -1.7);
        }
    }

    private static String band(Passband band) {
        return band.label();
    }

    private String words(LightCurvePoint point) {
        String when = words.time(Wording.ofMjd(point.timeMjd()));
        String band = point.passband().label();
        if (!point.isDetection()) {
            return messages.curvePointLimit(when, band, Wording.decimals(point.limitMag(), 2));
        }
        String magnitude = Wording.decimals(point.mag(), 2)
                + (Double.isNaN(point.magError()) ? "" : " ± " + Wording.decimals(point.magError(), 2));
        return point.positive()
                ? messages.curvePoint(when, band, magnitude)
                : messages.curvePointLess(when, band, magnitude);
    }

    /** What the drawing shows, in words. */
    static String describe(List<LightCurvePoint> points, Words words) {
        CandidateMessages messages = words.candidate();
        List<LightCurvePoint> detections =
                points.stream().filter(LightCurvePoint::isDetection).toList();
        if (detections.isEmpty()) {
            return messages.curveNone();
        }
        LightCurvePoint brightest = detections.get(0);
        for (LightCurvePoint point : detections) {
            if (point.mag() < brightest.mag()) {
                brightest = point;
            }
        }
        double days = detections.get(detections.size() - 1).timeMjd()
                - detections.get(0).timeMjd();
        String span = words.forms(
                messages.curveSpan(words.count(detections.size()), words.decimals(days, 1)), detections.size());
        long limits = points.size() - detections.size();
        String magnitude = Wording.decimals(brightest.mag(), 1);
        String band = brightest.passband().label();
        return limits == 0
                ? messages.curveWords(span, magnitude, band)
                : messages.curveWordsLimits(
                        span, magnitude, band, words.forms(messages.curveLimits(words.count(limits)), limits));
    }
}
