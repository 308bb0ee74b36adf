package org.skysieve.web;

import java.util.Locale;

/**
 * Writes one SVG drawing. Colours come from CSS classes, never from style attributes: the content security policy
 * forbids those, and classes follow the theme. Coordinates are pixels of the view box, written to a tenth.
 */
final class Svg {
    private final StringBuilder out = new StringBuilder(4096);

    /** @param label what the drawing says, for those who cannot see it; empty if the words beside it say it all */
    Svg(int width, int height, String classes, String label) {
        this(width, height, classes, label, false);
    }

    private Svg(int width, int height, String classes, String label, boolean stretched) {
        out.append("<svg class=\"")
                .append(classes)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append(stretched ? "\" preserveAspectRatio=\"none\"" : "\"")
                .append(
                        label.isEmpty()
                                ? " aria-hidden=\"true\">"
                                : " role=\"img\" aria-label=\"" + escape(label) + "\">");
    }

    /** A drawing that CSS may pull to any width. */
    static Svg stretched(int width, int height, String classes) {
        return new Svg(width, height, classes, "", true);
    }

    Svg open(String classes) {
        out.append("<g class=\"").append(classes).append("\">");
        return this;
    }

    Svg close() {
        out.append("</g>");
        return this;
    }

    /** A tooltip of the group that is open. */
    Svg title(String text) {
        out.append("<title>").append(escape(text)).append("</title>");
        return this;
    }

    Svg line(String classes, double x1, double y1, double x2, double y2) {
        start("line", classes);
        number("x1", x1);
        number("y1", y1);
        number("x2", x2);
        number("y2", y2);
        return end();
    }

    Svg rect(String classes, double x, double y, double width, double height, double radius) {
        start("rect", classes);
        number("x", x);
        number("y", y);
        number("width", Math.max(0, width));
        number("height", Math.max(0, height));
        if (radius > 0) {
            number("rx", radius);
        }
        return end();
    }

    Svg circle(String classes, double x, double y, double radius) {
        start("circle", classes);
        number("cx", x);
        number("cy", y);
        number("r", radius);
        return end();
    }

    /** A closed shape around a centre; {@code corners} are x, y, x, y, ... relative to it. */
    Svg polygon(String classes, double x, double y, double... corners) {
        start("polygon", classes);
        out.append(" points=\"");
        for (int i = 0; i < corners.length; i += 2) {
            out.append(i == 0 ? "" : " ")
                    .append(tenth(x + corners[i]))
                    .append(',')
                    .append(tenth(y + corners[i + 1]));
        }
        out.append('"');
        return end();
    }

    /** @param anchor start, middle or end */
    Svg text(String classes, double x, double y, String anchor, String text) {
        start("text", classes);
        number("x", x);
        number("y", y);
        out.append(" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(escape(text))
                .append("</text>");
        return this;
    }

    @Override
    public String toString() {
        return out + "</svg>";
    }

    private void start(String element, String classes) {
        out.append('<').append(element);
        if (!classes.isEmpty()) {
            out.append(" class=\"").append(classes).append('"');
        }
    }

    private void number(String name, double value) {
        out.append(' ').append(name).append("=\"").append(tenth(value)).append('"');
    }

    private Svg end() {
        out.append("/>");
        return this;
    }

    private static String tenth(double value) {
        String written = String.format(Locale.ROOT, "%.1f", value);
        return written.endsWith(".0") ? written.substring(0, written.length() - 2) : written;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
