package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/** What a page without a script shows of a candidate: cutouts as PNG, the light curve as SVG, and both in words. */
@ApplicationScoped
class CandidateFigures {
    private static final int CHART_WIDTH = 640;
    private static final int CHART_HEIGHT = 300;

    private final Candidates candidates;

    CandidateFigures(Candidates candidates) {
        this.candidates = candidates;
    }

    /** A cutout; {@code url} is empty if the survey sent none. */
    public record Panel(String url, String label, String alternative) {}

    /** A marker of the light curve and what it means. */
    public record Key(String marker, String label) {}

    /** A row of the light curve's table. */
    public record Measurement(String when, String passband, String magnitude, String error) {}

    /**
     * A light curve.
     *
     * @param drawing SVG, ready
     */
    public record Curve(String drawing, List<Key> keys, List<Measurement> measurements) {}

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
                                : messages.scienceAltSignal(Wording.decimals(candidate.snr(), 0))),
                new Panel(
                        cutouts.template() == null ? "" : base + "template.png?zoom=6",
                        messages.template(),
                        messages.templateAlt()),
                new Panel(
                        cutouts.difference() == null ? "" : base + "difference.png?zoom=6",
                        messages.difference(),
                        messages.differenceAlt()));
    }

    Curve curve(CandidateView candidate, Words words) {
        LightCurve curve = candidates.lightCurve(candidate.id());
        LightCurveChart chart = new LightCurveChart(curve, candidate.timeMjd(), CHART_WIDTH, CHART_HEIGHT, words);
        List<Key> keys = new ArrayList<>();
        for (Passband band : chart.passbands()) {
            keys.add(new Key(LightCurveChart.key(band), band.label()));
        }
        if (chart.hasLimits()) {
            keys.add(new Key(LightCurveChart.limitKey(), words.candidate().curveLimit()));
        }
        return new Curve(
                chart.render(),
                keys,
                curve.points().stream().map(point -> measurement(point, words)).toList());
    }

    private static Measurement measurement(LightCurvePoint point, Words words) {
        String when = words.time(Wording.ofMjd(point.timeMjd()));
        return point.isDetection()
                ? new Measurement(
                        when,
                        point.passband().label(),
                        Wording.decimals(point.mag(), 2),
                        Wording.decimals(point.magError(), 2))
                : new Measurement(
                        when,
                        point.passband().label(),
                        words.candidate().fainter(Wording.decimals(point.limitMag(), 2)),
                        "");
    }
}
