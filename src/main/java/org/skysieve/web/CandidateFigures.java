package org.skysieve.web;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.Orientation;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;

/** What the server draws of a candidate: cutouts as PNG, the light curve as SVG, and both in words. */
@ApplicationScoped
class CandidateFigures {
    private static final int CHART_WIDTH = 640;
    private static final int CHART_HEIGHT = 300;
    private static final int SMALL_WIDTH = 460;
    private static final int SMALL_HEIGHT = 184;
    /** The side of the compass, pixels of its view box. */
    private static final int COMPASS = 40;
    /** The side of the drawing over a cutout, in its own units. */
    private static final int OVER = 200;
    /** Lengths that a scale bar may have, arcseconds: as on the classify page. */
    private static final double[] BARS = {0.5, 1, 2, 5, 10, 20, 30, 60};

    private final Candidates candidates;

    CandidateFigures(Candidates candidates) {
        this.candidates = candidates;
    }

    /**
     * A cutout.
     *
     * @param url empty if the survey sent none
     * @param compass arrows to north and east as SVG; empty where the survey does not say, and beside the second and third
     * @param ruler a scale bar over the image as SVG; empty where the survey does not say how large pixels are, and over the
     *     second and third
     */
    public record Panel(String url, String label, String alternative, String compass, String ruler) {}

    /** A marker of the light curve and what it means. */
    public record Key(String marker, String label) {}

    /** A row of the light curve's table. */
    public record Measurement(String when, String passband, String magnitude, String error) {}

    /**
     * A light curve.
     *
     * @param drawing SVG, ready
     * @param spoken what it shows, in a sentence
     */
    public record Curve(String drawing, String spoken, List<Key> keys, List<Measurement> measurements) {}

    /** Science, template and difference. */
    List<Panel> panels(CandidateView candidate, Words words) {
        CutoutTriplet cutouts = candidates.cutouts(candidate.id());
        String base = "/api/v1/candidates/" + candidate.id() + "/cutouts/";
        CandidateMessages messages = words.candidate();
        return List.of(
                new Panel(
                        cutouts.science() == null ? "" : base + "science.png?zoom=6",
                        messages.science(),
                        Float.isNaN(candidate.snr())
                                ? messages.scienceAlt()
                                : messages.scienceAltSignal(Wording.decimals(candidate.snr(), 0)),
                        compass(cutouts.orientation(), messages),
                        ruler(cutouts, candidate.pixelScaleArcsec(), words)),
                new Panel(
                        cutouts.template() == null ? "" : base + "template.png?zoom=6",
                        messages.template(),
                        messages.templateAlt(),
                        "",
                        ""),
                new Panel(
                        cutouts.difference() == null ? "" : base + "difference.png?zoom=6",
                        messages.difference(),
                        messages.differenceAlt(),
                        "",
                        ""));
    }

    private static String ruler(CutoutTriplet cutouts, double pixelScaleArcsec, Words words) {
        Cutout science = cutouts.science();
        // The longer side fills the square that an image has.
        double panelArcsec =
                science == null ? Double.NaN : pixelScaleArcsec * Math.max(science.width(), science.height());
        double length = barArcsec(panelArcsec);
        if (Double.isNaN(length)) {
            return "";
        }
        String arcsec = words.decimals(length, length < 1 ? 1 : 0);
        double from = 8;
        double to = from + OVER * length / panelArcsec;
        Svg svg = new Svg(OVER, OVER, "ruler", words.candidate().ruler(arcsec));
        svg.line("halo", from, OVER - 10, to, OVER - 10);
        svg.line("", from, OVER - 10, to, OVER - 10);
        svg.text("", (from + to) / 2, OVER - 16, "middle", arcsec + "″");
        return svg.toString();
    }

    /**
     * The longest bar that takes at most a third of a panel.
     *
     * @param panelArcsec side of the panel; NaN or 0 where nobody knows
     * @return NaN where none fits
     */
    static double barArcsec(double panelArcsec) {
        double longest = Double.NaN;
        for (double length : BARS) {
            if (length <= panelArcsec / 3) {
                longest = length;
            }
        }
        return longest;
    }

    private static String compass(@Nullable Orientation lies, CandidateMessages messages) {
        if (lies == null) {
            return "";
        }
        String north = Wording.decimals(lies.northDeg(), 0);
        String east = Wording.decimals(lies.eastDeg(), 0);
        Svg svg = new Svg(COMPASS, COMPASS, "rose", messages.compass(north, east));
        arrow(svg, lies.northDeg(), "N");
        arrow(svg, lies.eastDeg(), "E");
        return svg.toString();
    }

    private static void arrow(Svg svg, double clockwiseDeg, String letter) {
        double x = Math.sin(Math.toRadians(clockwiseDeg));
        double y = -Math.cos(Math.toRadians(clockwiseDeg));
        double middle = COMPASS / 2.0;
        double tipX = middle + 11 * x;
        double tipY = middle + 11 * y;
        svg.line("", middle, middle, tipX, tipY);
        for (int side = -1; side <= 1; side += 2) {
            // Back along the shaft, and to its left or right.
            svg.line("", tipX, tipY, tipX - 3.5 * x - side * 3 * y, tipY - 3.5 * y + side * 3 * x);
        }
        svg.text("", middle + 17 * x, middle + 17 * y + 3, "middle", letter);
    }

    Curve curve(CandidateView candidate, Words words) {
        return curve(candidate, CHART_WIDTH, CHART_HEIGHT, words);
    }

    /** The light curve as small as it stands beside the answers. */
    Curve smallCurve(CandidateView candidate, Words words) {
        return curve(candidate, SMALL_WIDTH, SMALL_HEIGHT, words);
    }

    private Curve curve(CandidateView candidate, int width, int height, Words words) {
        LightCurve curve = candidates.lightCurve(candidate.id());
        LightCurveChart chart = new LightCurveChart(curve, candidate.timeMjd(), width, height, words);
        return new Curve(
                chart.render(),
                LightCurveChart.describe(curve.points(), words),
                chart.keys(),
                curve.points().stream().map(point -> measurement(point, words)).toList());
    }

    private static Measurement measurement(LightCurvePoint point, Words words) {
        String when = words.time(Wording.ofMjd(point.timeMjd()));
        return point.isDetection()
                ? new Measurement(
                        when,
                        point.passband().label(),
                        Wording.decimals(point.mag(), 2)
                                + (point.positive()
                                        ? ""
                                        : " (" + words.candidate().curveNegative() + ")"),
                        Wording.decimals(point.magError(), 2))
                : new Measurement(
                        when,
                        point.passband().label(),
                        words.candidate().fainter(Wording.decimals(point.limitMag(), 2)),
                        "");
    }
}
