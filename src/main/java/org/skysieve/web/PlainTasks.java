package org.skysieve.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutPng;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Task;

/**
 * What is asked after an answer as plain fields, and what came back in them. A task {@code where} has the fields
 * {@code task.where} (its value, or values), or for places {@code task.where.x}, {@code .y}, {@code .width} and
 * {@code .height}, once for each row. A press on its image arrives as {@code task.where.at.x} and {@code .y}, in the
 * image's CSS pixels from its upper left corner; of a box the first corner waits in {@code task.where.corner}.
 */
final class PlainTasks {
    /** Rows of places that are there from the start. */
    private static final int ROWS = 2;
    /** The image to press on is no wider than a phone leaves room for, CSS pixels. */
    private static final int MOST_WIDTH = 320;

    /** An option of a choice. */
    public record Option(String key, String label, String help, boolean chosen) {}

    /** Fields of one place, as they were written; the last two are for boxes. */
    public record Row(String number, String x, String y, String width, String height) {}

    /**
     * An image to press on.
     *
     * @param width CSS pixels, a whole number of them for each pixel of the cutout
     * @param marks SVG over it, ready
     * @param mostX the rightmost pixel of the cutout
     */
    public record Picture(String url, String width, String height, String marks, String mostX, String mostY) {}

    /**
     * One task as fields.
     *
     * @param hint how it is filled in; may be empty
     * @param error what is wrong with it; may be empty
     * @param picture null where there is nothing to press on
     * @param most of many, as digits
     * @param corner the first corner of a box as "x,y", or empty
     * @param room whether one more row may be asked for
     */
    public record Field(
            String key,
            String kind,
            String question,
            String help,
            String hint,
            String error,
            List<Option> options,
            String value,
            String low,
            String high,
            String most,
            String unit,
            List<Row> rows,
            @Nullable Picture picture,
            String corner,
            boolean room) {
        /** Whether anything is said of how it is filled in. */
        public boolean hinted() {
            return !hint.isEmpty() || !help.isEmpty() || kind.equals("tags");
        }

        /** The corner as the page says it. */
        public String cornerX() {
            return corner.replaceFirst(",.*", "");
        }

        public String cornerY() {
            return corner.replaceFirst(".*,", "");
        }
    }

    private final List<Task> tasks;
    private final MultivaluedMap<String, String> sent;
    private final String science;
    private final @Nullable Cutout cutout;

    /**
     * @param science the address of the science image without its zoom
     * @param cutout the science image, or null where the survey sent none
     */
    PlainTasks(List<Task> tasks, MultivaluedMap<String, String> sent, String science, @Nullable Cutout cutout) {
        this.tasks = List.copyOf(tasks);
        this.sent = new MultivaluedHashMap<>();
        sent.forEach((name, values) -> this.sent.put(name, new ArrayList<>(values)));
        this.science = science;
        this.cutout = cutout;
    }

    /**
     * Takes a press on an image, or on "one more", into the fields.
     *
     * @return whether there was one, so that the page is to be shown once more and nothing is saved yet
     */
    boolean edited() {
        boolean edited = sent.containsKey("more");
        for (Task task : tasks) {
            OptionalInt x = whole(first(name(task, "at.x")));
            OptionalInt y = whole(first(name(task, "at.y")));
            if (x.isPresent() && y.isPresent()) {
                edited = true;
                // A browser sends 0, 0 for a press by keyboard, which points at nothing.
                if (cutout != null && (x.getAsInt() > 0 || y.getAsInt() > 0)) {
                    press(task, cutout, x.getAsInt(), y.getAsInt());
                }
            }
        }
        return edited;
    }

    private void press(Task task, Cutout image, int left, int top) {
        int zoom = zoom(image);
        int x = Math.min(image.width() - 1, left / zoom);
        int y = Math.max(0, image.height() - 1 - top / zoom);
        int[] corner = corner(task);
        if (task.kind() == Task.Kind.POINTS) {
            place(task, x, y, 0, 0);
        } else if (corner.length == 0) {
            sent.putSingle(name(task, "corner"), x + "," + y);
        } else {
            // Whole pixels, both corners within.
            sent.remove(name(task, "corner"));
            place(
                    task,
                    Math.min(x, corner[0]),
                    Math.min(y, corner[1]),
                    Math.abs(x - corner[0]) + 1,
                    Math.abs(y - corner[1]) + 1);
        }
    }

    private void place(Task task, int x, int y, int width, int height) {
        List<Row> rows = new ArrayList<>(written(task));
        if (rows.size() < task.most()) {
            rows.add(new Row("", "" + x, "" + y, width > 0 ? "" + width : "", height > 0 ? "" + height : ""));
        }
        sent.put(name(task, "x"), new ArrayList<>(rows.stream().map(Row::x).toList()));
        sent.put(name(task, "y"), new ArrayList<>(rows.stream().map(Row::y).toList()));
        sent.put(
                name(task, "width"),
                new ArrayList<>(rows.stream().map(Row::width).toList()));
        sent.put(
                name(task, "height"),
                new ArrayList<>(rows.stream().map(Row::height).toList()));
    }

    /** What was filled in, as the API takes it; what was left empty is not there. */
    Map<String, JsonNode> values() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (Task task : tasks) {
            String text = first(name(task, "")).strip();
            ArrayNode list = json.arrayNode();
            switch (task.kind()) {
                case CHOICE -> {
                    if (!text.isEmpty()) {
                        values.put(task.key(), json.textNode(text));
                    }
                }
                case SLIDER -> {
                    if (!text.isEmpty()) {
                        values.put(task.key(), number(text));
                    }
                }
                case MULTIPLE -> sent.getOrDefault(name(task, ""), List.of()).forEach(list::add);
                case TAGS -> tags(text).forEach(list::add);
                case POINTS, BOXES ->
                    written(task).forEach(row -> {
                        ObjectNode shape = list.addObject();
                        shape.set("x", number(row.x));
                        shape.set("y", number(row.y));
                        if (task.kind() == Task.Kind.BOXES) {
                            shape.set("width", number(row.width));
                            shape.set("height", number(row.height));
                        }
                    });
            }
            if (!list.isEmpty()) {
                values.put(task.key(), list);
            }
        }
        return values;
    }

    /**
     * The tasks as fields, with what was written in them.
     *
     * @param wrong the key of the task that was refused, or empty
     */
    List<Field> fields(String wrong, PlainMessages messages) {
        return tasks.stream()
                .map(task -> field(task, task.key().equals(wrong) ? error(task, messages) : "", messages))
                .toList();
    }

    private Field field(Task task, String error, PlainMessages messages) {
        boolean places = task.kind() == Task.Kind.POINTS || task.kind() == Task.Kind.BOXES;
        List<Row> rows = places ? rows(task) : List.of();
        int[] corner = corner(task);
        return new Field(
                task.key(),
                task.kind().key(),
                task.question(),
                task.help(),
                hint(task, messages),
                error,
                options(task),
                first(name(task, "")),
                plain(task.min()),
                plain(task.max()),
                Integer.toString(task.most()),
                task.unit(),
                rows,
                places && cutout != null ? picture(task, cutout) : null,
                corner.length == 0 ? "" : corner[0] + "," + corner[1],
                rows.size() < task.most());
    }

    private String hint(Task task, PlainMessages messages) {
        String mostX = cutout == null ? "62" : "" + (cutout.width() - 1);
        String mostY = cutout == null ? "62" : "" + (cutout.height() - 1);
        return switch (task.kind()) {
            case CHOICE -> "";
            case MULTIPLE -> task.most() < task.options().size() ? messages.most("" + task.most()) : "";
            case TAGS -> "";
            case SLIDER -> messages.range(plain(task.min()), plain(task.max()));
            case POINTS -> messages.pointsHow(mostX, mostY) + " " + messages.most("" + task.most());
            case BOXES -> messages.boxesHow(mostX, mostY) + " " + messages.most("" + task.most());
        };
    }

    private static String error(Task task, PlainMessages messages) {
        return switch (task.kind()) {
            case CHOICE -> messages.wrongChoice();
            case MULTIPLE -> messages.wrongMany("" + task.most());
            case TAGS -> messages.wrongTags("" + task.most());
            case SLIDER -> messages.wrongNumber(plain(task.min()), plain(task.max()));
            case POINTS -> messages.wrongPoints();
            case BOXES -> messages.wrongBoxes();
        };
    }

    private List<Option> options(Task task) {
        List<String> chosen = sent.getOrDefault(name(task, ""), List.of());
        List<Option> options = new ArrayList<>();
        for (AnswerOption option : task.options()) {
            options.add(new Option(option.key(), option.label(), option.help(), chosen.contains(option.key())));
        }
        return options;
    }

    /** The rows with something in them, and room for more. */
    private List<Row> rows(Task task) {
        List<Row> rows = new ArrayList<>(written(task));
        boolean more = task.key().equals(first("more"));
        int shown = Math.max(
                Math.max(ROWS, rows.size() + 1),
                sent.getOrDefault(name(task, "x"), List.of()).size() + (more ? 1 : 0));
        while (rows.size() < Math.min(shown, task.most())) {
            rows.add(new Row("", "", "", "", ""));
        }
        List<Row> numbered = new ArrayList<>();
        for (Row row : rows) {
            numbered.add(new Row("" + (numbered.size() + 1), row.x, row.y, row.width, row.height));
        }
        return numbered;
    }

    private List<Row> written(Task task) {
        List<Row> rows = new ArrayList<>();
        int count = 0;
        for (String side : List.of("x", "y", "width", "height")) {
            count = Math.max(
                    count, sent.getOrDefault(name(task, side), List.of()).size());
        }
        // One more than is allowed, so that the excess is refused and not dropped.
        for (int i = 0; i < count && rows.size() <= task.most(); i++) {
            Row row = new Row("", at(task, "x", i), at(task, "y", i), at(task, "width", i), at(task, "height", i));
            if (!(row.x + row.y + row.width + row.height).isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Picture picture(Task task, Cutout image) {
        int zoom = zoom(image);
        int width = image.width() * zoom;
        int height = image.height() * zoom;
        Svg svg = new Svg(width, height, "plain-marks", "");
        for (Row row : written(task)) {
            mark(svg, image, zoom, number(row.x), number(row.y), number(row.width), number(row.height));
        }
        int[] corner = corner(task);
        if (corner.length > 0) {
            JsonNode none = JsonNodeFactory.instance.textNode("");
            JsonNodeFactory json = JsonNodeFactory.instance;
            mark(svg, image, zoom, json.numberNode(corner[0]), json.numberNode(corner[1]), none, none);
        }
        return new Picture(
                science + "?zoom=" + Math.min(zoom, CutoutPng.MAX_ZOOM),
                "" + width,
                "" + height,
                svg.toString(),
                "" + (image.width() - 1),
                "" + (image.height() - 1));
    }

    private static void mark(Svg svg, Cutout image, int zoom, JsonNode x, JsonNode y, JsonNode width, JsonNode height) {
        if (!x.isNumber() || !y.isNumber()) {
            return;
        }
        double wide = width.isNumber() ? width.doubleValue() : 1;
        double high = height.isNumber() ? height.doubleValue() : 1;
        double top = image.height() - y.doubleValue() - high;
        // Dark around light, so that it is seen on any image.
        svg.rect("halo", x.doubleValue() * zoom - 1, top * zoom - 1, wide * zoom + 2, high * zoom + 2, 2);
        svg.rect("edge", x.doubleValue() * zoom - 1, top * zoom - 1, wide * zoom + 2, high * zoom + 2, 2);
    }

    /** CSS pixels for each pixel of the cutout. */
    private static int zoom(Cutout image) {
        return Math.max(1, MOST_WIDTH / Math.max(image.width(), image.height()));
    }

    /** Words apart by spaces or commas, in the form that is kept; as tasks.ts has it. */
    static List<String> tags(String typed) {
        return Arrays.stream(typed.toLowerCase(Locale.ROOT).split("[\\s,;#]+"))
                .map(word -> word.replaceAll("[^\\p{L}\\p{N}\\p{M}-]", "").replaceAll("^[^\\p{L}\\p{N}]+", ""))
                .map(word -> word.length() > 30 ? word.substring(0, 30) : word)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }

    /** A number, or what was written instead, which will be refused. */
    private static JsonNode number(String text) {
        try {
            return JsonNodeFactory.instance.numberNode(
                    Double.parseDouble(text.strip().replace(',', '.')));
        } catch (NumberFormatException notANumber) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    private int[] corner(Task task) {
        String[] parts = first(name(task, "corner")).split(",", -1);
        if (parts.length != 2 || whole(parts[0]).isEmpty() || whole(parts[1]).isEmpty()) {
            return new int[0];
        }
        return new int[] {whole(parts[0]).getAsInt(), whole(parts[1]).getAsInt()};
    }

    private static OptionalInt whole(String text) {
        return text.matches("[0-9]{1,5}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private static String name(Task task, String part) {
        return "task." + task.key() + (part.isEmpty() ? "" : "." + part);
    }

    private String at(Task task, String part, int index) {
        List<String> values = sent.getOrDefault(name(task, part), List.of());
        return index < values.size() ? values.get(index).strip() : "";
    }

    private String first(String name) {
        String value = sent.getFirst(name);
        return value == null ? "" : value;
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
