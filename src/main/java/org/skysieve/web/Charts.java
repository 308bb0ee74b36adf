package org.skysieve.web;

import java.util.List;

/** The small charts of the dashboard. */
final class Charts {
    private static final int WIDTH = 640;

    private Charts() {}

    /** One bar: what it stands for and how long it is. */
    record Bar(String label, long value) {}

    /**
     * An estimate in [0, 1] and its interval.
     *
     * @param estimate NaN if there is nothing to estimate from yet
     */
    record Estimate(String label, double estimate, double low, double high) {}

    /** Upright bars from zero, oldest first; every label that fits is written. */
    static String bars(String title, List<Bar> bars) {
        int height = 190;
        int left = 46;
        int base = height - 24;
        long most = bars.stream().mapToLong(Bar::value).max().orElse(0);
        Axis values = new Axis(0, Math.max(4, most * 1.05), base, 10);
        Svg svg = new Svg(WIDTH, height, "chart bars", title);
        for (double tick : values.ticks(5)) {
            double y = values.at(tick);
            svg.line("grid-line", left, y, WIDTH - 8, y);
            svg.text("", left - 6, y + 4, "end", Wording.count(Math.round(tick)));
        }
        double slot = (WIDTH - 8.0 - left) / Math.max(1, bars.size());
        int every = Math.max(1, (int) Math.ceil(58 / slot));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double x = left + i * slot;
            double thickness = Math.min(44, slot * 0.72);
            double y = values.at(bar.value());
            svg.open("").title(bar.label() + ": " + Wording.count(bar.value()));
            svg.rect("bar", x + (slot - thickness) / 2, y, thickness, base - y, 2);
            svg.close();
            // Counted from the newest, so that today is always named.
            if ((bars.size() - 1 - i) % every == 0) {
                svg.text("", x + slot / 2, base + 16, "middle", bar.label());
            }
        }
        svg.line("axis", left, base, WIDTH - 8, base);
        return svg.toString();
    }

    /**
     * Estimates one below the other on one axis, with their intervals.
     *
     * @param low where the axis starts, in [0, 1)
     * @param requirement a value to be reached, drawn as a dashed line; NaN for none
     */
    static String estimates(String title, List<Estimate> estimates, double low, double requirement) {
        int rowHeight = 40;
        int top = 8;
        int left = 116;
        int base = top + rowHeight * estimates.size();
        Axis axis = new Axis(low, 1, left, WIDTH - 20);
        Svg svg = new Svg(WIDTH, base + 26, "chart estimates", title);
        for (double tick : axis.ticks(6)) {
            double x = axis.at(tick);
            svg.line("grid-line", x, top, x, base);
            svg.text("", x, base + 17, "middle", Wording.percent(Math.round(tick * 1000) / 1000.0));
        }
        if (!Double.isNaN(requirement)) {
            svg.line("requirement", axis.at(requirement), top, axis.at(requirement), base);
        }
        for (int i = 0; i < estimates.size(); i++) {
            Estimate row = estimates.get(i);
            double y = top + rowHeight * (i + 0.5);
            svg.text("strong", 0, y + 4, "start", row.label());
            if (Double.isNaN(row.estimate())) {
                svg.text("", left + 8, y + 4, "start", "not enough votes yet");
                continue;
            }
            svg.open("").title(Wording.percent(row.estimate()) + ", " + Wording.interval(row.low(), row.high()));
            svg.line("interval", axis.at(Math.max(low, row.low())), y, axis.at(Math.min(1, row.high())), y);
            svg.circle("estimate", axis.at(Math.max(low, row.estimate())), y, 6);
            svg.close();
        }
        return svg.toString();
    }

    /** One estimate in a table cell, on an axis from {@code low} to 1. */
    static String inline(Estimate row, double low) {
        int width = 150;
        int height = 22;
        Axis axis = new Axis(low, 1, 6, width - 6);
        String words = row.label() + " " + Wording.percent(row.estimate());
        Svg svg = new Svg(width, height, "chart inline", words);
        double y = height / 2.0;
        svg.line("grid-line", 6, y, width - 6, y);
        if (!Double.isNaN(row.estimate())) {
            if (!Double.isNaN(row.low()) && !Double.isNaN(row.high())) {
                svg.line("interval", axis.at(Math.max(low, row.low())), y, axis.at(Math.min(1, row.high())), y);
            }
            svg.circle("estimate", axis.at(Math.min(1, Math.max(low, row.estimate()))), y, 5);
        }
        return svg.toString();
    }

    /** Shares of a whole, one beside the other, in the hues of their classes. */
    static String shares(String title, List<Bar> parts) {
        long total = Math.max(1, parts.stream().mapToLong(Bar::value).sum());
        Svg svg = new Svg(WIDTH, 28, "chart shares", title);
        svg.rect("track", 0, 0, WIDTH, 28, 6);
        double x = 0;
        for (int i = 0; i < parts.size(); i++) {
            double wide = (double) WIDTH * parts.get(i).value() / total;
            svg.open("hue-" + i % 6)
                    .title(parts.get(i).label() + ": "
                            + Wording.count(parts.get(i).value()));
            svg.rect("fill", x, 0, Math.max(0, wide - 2), 28, 4);
            svg.close();
            x += wide;
        }
        return svg.toString();
    }

    /** A probability as a bar; the number stands beside it. */
    static String posterior(double probability, int hue) {
        return Svg.stretched(200, 14, "chart-posterior hue-" + hue % 6)
                .rect("track", 0, 0, 200, 14, 0)
                .rect("fill", 0, 0, Math.max(2, 200 * probability), 14, 0)
                .toString();
    }
}
