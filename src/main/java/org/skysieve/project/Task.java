package org.skysieve.project;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Something that is asked about a candidate after its answer was given. It may always be left out, and it counts nothing
 * towards the consensus: it has a summary of its own.
 *
 * @param key what the API and exports call it: 1..30 of a-z, 0-9, dash, underscore
 * @param after asked after these answers only; empty: after all
 * @param options of {@link Kind#CHOICE} and {@link Kind#MULTIPLE}, 2..12; empty for the others
 * @param most how many at most of {@link Kind#MULTIPLE}, {@link Kind#POINTS}, {@link Kind#BOXES}, {@link Kind#TAGS}: 1..20,
 *     10 when left out; 1 for the others
 * @param min of {@link Kind#SLIDER}, below {@code max}; 0 to 1 by hundredths when left out
 * @param unit of {@link Kind#SLIDER}, may be empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Task(
        String key,
        Kind kind,
        String question,
        String help,
        List<String> after,
        List<AnswerOption> options,
        int most,
        double min,
        double max,
        double step,
        String unit) {

    /** What is asked for. */
    public enum Kind {
        /** One of several options. */
        CHOICE,
        /** Any of several options. */
        MULTIPLE,
        /** Places on the images. */
        POINTS,
        /** Rectangles on the images. */
        BOXES,
        /** A number between two ends. */
        SLIDER,
        /** Words of one's own. */
        TAGS;

        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        @JsonCreator
        public static Kind of(String key) {
            for (Kind kind : values()) {
                if (kind.key().equals(key)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "tasks: kind got \"" + key + "\", need one of choice, multiple, points, boxes, slider, tags");
        }
    }

    /** As many tasks as one workflow may have. */
    static final int MOST_TASKS = 8;

    static final int LONGEST_QUESTION = 300;
    static final int LONGEST_HELP = 500;
    static final int LONGEST_UNIT = 20;

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,29}");
    private static final int MOST = 20;
    private static final int USUAL = 10;
    private static final int MOST_OPTIONS = 12;

    public Task {
        check(KEY.matcher(key).matches(), key, "key", "need " + KEY);
        check(!question.isBlank() && question.length() <= LONGEST_QUESTION, key, "question", "need 1..300 characters");
        check(help.length() <= LONGEST_HELP, key, "help", "need at most 500 characters");
        check(unit.length() <= LONGEST_UNIT, key, "unit", "need at most 20 characters");
        boolean optional = kind == Kind.CHOICE || kind == Kind.MULTIPLE;
        check(
                optional ? options.size() >= 2 && options.size() <= MOST_OPTIONS : options.isEmpty(),
                key,
                "options",
                "got " + options.size() + ", need " + (optional ? "2.." + MOST_OPTIONS : "none"));
        check(
                new HashSet<>(options.stream().map(AnswerOption::key).toList()).size() == options.size(),
                key,
                "options",
                "need distinct keys");
        check(most >= 1 && most <= MOST, key, "most", "got " + most + ", need 1.." + MOST);
        check(
                Double.isFinite(min) && Double.isFinite(max) && min < max && step > 0 && step <= max - min,
                key,
                "min, max, step",
                "got " + min + ", " + max + ", " + step + ", need min < max and a step that fits between");
        after = List.copyOf(after);
        options = List.copyOf(options);
    }

    private static void check(boolean holds, String key, String field, String need) {
        if (!holds) {
            throw new WrongField("tasks: " + field + " of \"" + key + "\": " + need, field, need);
        }
    }

    /**
     * What is left out is usual.
     *
     * @throws WrongField for a value out of range
     */
    @JsonCreator
    public static Task of(
            @Nullable String key,
            @Nullable Kind kind,
            @Nullable String question,
            @Nullable String help,
            @Nullable List<String> after,
            @Nullable List<AnswerOption> options,
            @Nullable Integer most,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double step,
            @Nullable String unit) {
        if (kind == null) {
            throw new IllegalArgumentException("tasks: kind of \"" + key
                    + "\" is missing, need one of choice, multiple, points, boxes, slider, tags");
        }
        boolean many = kind != Kind.CHOICE && kind != Kind.SLIDER;
        double low = min == null ? 0 : min;
        double high = max == null ? 1 : max;
        return new Task(
                key == null ? "" : key,
                kind,
                question == null ? "" : question.strip(),
                help == null ? "" : help.strip(),
                after == null ? List.of() : after,
                options == null ? List.of() : options,
                !many ? 1 : most == null ? USUAL : most,
                low,
                high,
                step == null ? (high - low) / 100 : step,
                unit == null ? "" : unit.strip());
    }

    /** The same in other words; its keys stay. */
    Task in(Phrases words) {
        return new Task(
                key,
                kind,
                words.of(question, LONGEST_QUESTION),
                words.of(help, LONGEST_HELP),
                after,
                options.stream()
                        .map(one ->
                                new AnswerOption(one.key(), words.of(one.label(), 120), words.of(one.help(), 1_000)))
                        .toList(),
                most,
                min,
                max,
                step,
                words.of(unit, LONGEST_UNIT));
    }

    /** Whether it is asked after that answer. */
    public boolean follows(String answer) {
        return after.isEmpty() || after.contains(answer);
    }

    /** @throws IllegalArgumentException for a number too many, a key twice, or an answer that the workflow does not have */
    static void check(List<Task> tasks, List<String> answers) {
        if (tasks.size() > MOST_TASKS) {
            throw new IllegalArgumentException("tasks: got " + tasks.size() + ", need at most " + MOST_TASKS);
        }
        HashSet<String> keys = new HashSet<>();
        for (Task task : tasks) {
            check(keys.add(task.key), task.key, "key", "is there twice");
            for (String answer : task.after) {
                check(answers.contains(answer), task.key, "after", "got \"" + answer + "\", need some of " + answers);
            }
        }
    }
}
