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
    static String inline(Estimate row, double low, Words words) {
        int width = 150;
        int height = 22;
        Axis axis = new Axis(low, 1, 6, width - 6);
        Svg svg = new Svg(width, height, "chart inline", row.label() + " " + words.percent(row.estimate()));
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

    /**
     * Shares of a whole, one beside the other, in the hues of their classes; what is left of the whole stays empty.
     *
     * @param whole at least the sum of the parts; less is taken as that
     */
    static String shares(String title, List<Bar> parts, long whole, Words words) {
        long total = Math.max(
                Math.max(1, whole), parts.stream().mapToLong(Bar::value).sum());
        Svg svg = new Svg(WIDTH, 28, "chart shares", title);
        svg.rect("track", 0, 0, WIDTH, 28, 6);
        double x = 0;
        for (int i = 0; i < parts.size(); i++) {
            double wide = (double) WIDTH * parts.get(i).value() / total;
            svg.open("hue-" + i % 6)
                    .title(parts.get(i).label() + ": "
                            + words.count(parts.get(i).value()));
            svg.rect("fill", x, 0, Math.max(0, wide - 2), 28, 4);
            svg.close();
            x += wide;
        }
        return svg.toString();
    }

    /**
     * A point of a curve.
     *
     * @param low of its interval, NaN without one
     * @param weight what its mark stands for, such as candidates; marks grow with its root
     */
    record Point(double x, double y, double low, double high, double weight, String words) {}

    /** What was said against what came true, both in [from, 1]; on the dashed line both are the same. */
    static String calibration(String title, List<Point> points, double from) {
        int size = 320;
        int base = size - 40;
        Axis said = new Axis(from, 1, 44, size - 12);
        Axis came = new Axis(from, 1, base, 26);
        Svg svg = new Svg(size, size, "chart curve", title);
        grid(svg, said, came, size - 12, base, 2);
        svg.text("", (44 + size - 12) / 2.0, size - 4, "middle", "said");
        svg.text("strong", 2, 12, "start", "came true");
        svg.line("requirement", said.at(from), came.at(from), said.at(1), came.at(1));
        double most = points.stream().mapToDouble(Point::weight).max().orElse(1);
        for (Point point : points) {
            svg.open("").title(point.words());
            interval(svg, said, came, point, from);
            svg.circle(
                    "estimate",
                    said.at(Math.max(from, point.x())),
                    came.at(Math.max(from, point.y())),
                    3 + 5 * Math.sqrt(point.weight() / most));
            svg.close();
        }
        return svg.toString();
    }

    /** A quantity by the number of labels, with intervals, points joined. */
    static String learning(String title, String quantity, List<Point> points) {
        int width = 400;
        int height = 320;
        int base = height - 40;
        double low = points.stream()
                .mapToDouble(point -> Double.isNaN(point.low()) ? point.y() : point.low())
                .filter(value -> !Double.isNaN(value))
                .min()
                .orElse(0);
        double most = points.stream().mapToDouble(Point::x).max().orElse(1);
        double from = Math.max(0, Math.min(low, 1) - .05 * Math.max(.02, 1 - low));
        Axis labels = new Axis(0, Math.max(1, most) * 1.05, 52, width - 12);
        Axis values = new Axis(from, Math.max(1, from + .01), base, 26);
        Svg svg = new Svg(width, height, "chart curve", title);
        grid(svg, labels, values, width - 12, base, values.decimals(5));
        svg.text("", (52 + width - 12) / 2.0, height - 4, "middle", "labels");
        svg.text("strong", 2, 12, "start", quantity);
        for (int i = 1; i < points.size(); i++) {
            svg.line(
                    "joined",
                    labels.at(points.get(i - 1).x()),
                    values.at(points.get(i - 1).y()),
                    labels.at(points.get(i).x()),
                    values.at(points.get(i).y()));
        }
        for (Point point : points) {
            svg.open("").title(point.words());
            interval(svg, labels, values, point, from);
            svg.circle("estimate", labels.at(point.x()), values.at(point.y()), 5);
            svg.close();
        }
        return svg.toString();
    }

    private static void interval(Svg svg, Axis x, Axis y, Point point, double from) {
        if (!Double.isNaN(point.low()) && !Double.isNaN(point.high())) {
            double at = x.at(Math.max(point.x(), x.low()));
            svg.line("interval", at, y.at(Math.max(from, point.low())), at, y.at(Math.min(1, point.high())));
        }
    }

    private static void grid(Svg svg, Axis x, Axis y, double right, double base, int decimals) {
        for (double tick : y.ticks(5)) {
            svg.line("grid-line", x.from(), y.at(tick), right, y.at(tick));
            svg.text("", x.from() - 6, y.at(tick) + 4, "end", Wording.decimals(tick, decimals));
        }
        for (double tick : x.ticks(5)) {
            svg.text(
                    "",
                    x.at(tick),
                    base + 17,
                    "middle",
                    x.high() > 2 ? Wording.count(Math.round(tick)) : Wording.decimals(tick, 2));
        }
        svg.line("axis", x.from(), base, right, base);
    }

    /** A probability as a bar; the number stands beside it. */
    static String posterior(double probability, int hue) {
        return Svg.stretched(200, 14, "chart-posterior hue-" + hue % 6)
                .rect("track", 0, 0, 200, 14, 0)
                .rect("fill", 0, 0, Math.max(2, 200 * probability), 14, 0)
                .toString();
    }
}
