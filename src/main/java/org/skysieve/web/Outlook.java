package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.selection.ForecastView;

/**
 * A forecast in words.
 *
 * @param completeness asked for, percent
 * @param purity asked for, percent
 */
public record Outlook(String completeness, String purity, List<Line> lines, List<String> reasons) {
    /** What the dashboard asks for if nobody asks. */
    static final double COMPLETENESS = 0.9;

    static final double PURITY = 0.95;

    /** @param key names it in tests */
    public record Line(String key, String label, String value, String interval) {}

    static Outlook of(ForecastView view) {
        List<Line> lines = new ArrayList<>();
        line(lines, "votes", "Votes until then", view.votes(), false);
        line(
                lines,
                "days",
                "Days until then, at " + Wording.count(Math.round(view.votesADay())) + " votes a day",
                view.days(),
                false);
        line(lines, "left", "Votes until nothing is open", view.votesLeft(), false);
        line(lines, "now", "Completeness by now, open ones not found", view.completenessNow(), true);
        line(lines, "end", "Completeness once nothing is open", view.completenessAtEnd(), true);
        line(lines, "gain", "What the next 1,000 votes add to it", view.gainPerThousand(), true);
        return new Outlook(percent(view.completeness()), percent(view.purity()), List.copyOf(lines), view.reasons());
    }

    private static void line(
            List<Line> lines, String key, String label, ForecastView.@Nullable Range range, boolean share) {
        if (range == null) {
            lines.add(new Line(key, label, Wording.NONE, ""));
            return;
        }
        Double high = range.high();
        lines.add(new Line(
                key,
                label,
                written(range.value(), share),
                high == null
                        ? "at least " + written(range.low(), share)
                        : written(range.low(), share) + " to " + written(high, share)));
    }

    private static String written(double value, boolean share) {
        if (share) {
            return Wording.percent(value);
        }
        return value < 10 && value > 0 ? Wording.decimals(value, 1) : Wording.count(Math.round(value));
    }

    private static String percent(double share) {
        return Wording.decimals(100 * share, 0);
    }

    /** A percentage of a form as a share; what is no percentage between 1 and 99 becomes {@code otherwise}. */
    static double share(@Nullable String percent, double otherwise) {
        try {
            double value = percent == null ? Double.NaN : Double.parseDouble(percent.trim()) / 100;
            return value >= 0.01 && value <= 0.99 ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
