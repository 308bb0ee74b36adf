package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads tables of features: a row each, every column a number but those of the id, the group, the label and those to be
 * ignored. All files of a run are read by one instance, so that their columns and groups are the same. Not for several
 * threads.
 */
final class FeatureCsv {
    private static final Set<String> MISSING = Set.of("", "nan", "na", "n/a", "null", "none", "-");
    private static final Set<String> YES = Set.of("1", "true", "yes", "y", "t");
    private static final Set<String> NO = Set.of("", "0", "false", "no", "n", "f");

    /** A column is no feature where more than this share of what it holds is no number; fewer are slips. */
    private static final double MOST_SLIPS = .1;

    private final Columns columns;
    private final BadRows bad;
    private final Map<String, Integer> groups = new HashMap<>();
    private List<String> features = List.of();

    /**
     * What the columns are called.
     *
     * @param positive the label of the positive class; numbers are compared as such
     * @param start marks rows whose label is known from the start, where there is such a column
     */
    record Columns(
            String id, String group, String label, String positive, Optional<String> start, List<String> ignored) {
        private boolean isFeature(String column) {
            return Stream.concat(Stream.of(id, group, label, start.orElse(label)), ignored.stream())
                    .noneMatch(column::equalsIgnoreCase);
        }
    }

    FeatureCsv(Columns columns, BadRows bad) {
        this.columns = columns;
        this.bad = bad;
    }

    /** The names of the features, once a file has been read. */
    List<String> features() {
        return features;
    }

    /**
     * Reads a file; the first one decides which columns are features.
     *
     * @param isStart whether all of its labels are known from the start
     * @throws IllegalArgumentException when a column is missing or is no feature, or no row can be used
     */
    FeatureTable read(Path file, boolean isStart) throws IOException {
        try (CsvTable table = CsvTable.open(file)) {
            if (features.isEmpty()) {
                features = features(table);
            }
            // Those of later files need no start column: it is the first file's pool that it marks.
            Optional<String> start = columns.start().filter(name -> !isStart && table.has(name));
            List<String> wanted = new ArrayList<>(List.of(columns.id(), columns.group(), columns.label()));
            start.ifPresent(wanted::add);
            int first = wanted.size();
            wanted.addAll(features);
            table.columns(wanted.toArray(String[]::new));
            Rows rows = new Rows(features.size());
            while (table.next()) {
                rows.add(table, first, start.isPresent(), isStart);
            }
            rows.checkColumns(file);
            rows.tell(file);
            return rows.build(file);
        }
    }

    private List<String> features(CsvTable table) {
        for (String name : columns.ignored()) {
            if (!table.has(name)) {
                throw new IllegalArgumentException(table.file() + ": --ignore: there is no column " + name);
            }
        }
        columns.start().ifPresent(table::columns);
        List<String> found = table.header().stream().filter(columns::isFeature).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(table.file() + ":1: the header has " + String.join(", ", table.header())
                    + "; need features beside id, group and label");
        }
        Set<String> lower =
                found.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        if (lower.size() < found.size() || lower.contains("")) {
            throw new IllegalArgumentException(
                    table.file() + ":1: two features have the same name, or one has none; need different names");
        }
        return found;
    }

    private final class Rows {
        private final int count;
        private float[] values;
        private final List<Integer> group = new ArrayList<>();
        private final List<Boolean> positive = new ArrayList<>();
        private final List<Boolean> start = new ArrayList<>();
        private final Map<String, Long> labels = new HashMap<>();

        /** Of each feature: values that are numbers, others, and where the first of these is. */
        private final long[] numbers;

        private final long[] others;
        private final String[] example;
        private final List<Slip> slips = new ArrayList<>();

        private record Slip(long line, String what) {}

        Rows(int count) {
            this.count = count;
            values = new float[1024 * count];
            numbers = new long[count];
            others = new long[count];
            example = new String[count];
        }

        void add(CsvTable table, int first, boolean hasStart, boolean isStart) {
            int at = group.size() * count;
            if (at + count > values.length) {
                values = Arrays.copyOf(values, Math.max(at + count, Math.multiplyExact(2, values.length)));
            }
            String slip = table.isComplete() ? "" : "got " + table.size() + " columns, need those of the header";
            for (int i = 0; i < 3 && slip.isEmpty(); i++) {
                if (table.get(i).isEmpty()) {
                    slip = List.of(columns.id(), columns.group(), columns.label())
                                    .get(i) + " is empty";
                }
            }
            for (int f = 0; f < count && table.isComplete(); f++) {
                String text = table.get(first + f);
                if (MISSING.contains(text.toLowerCase(Locale.ROOT))) {
                    values[at + f] = Float.NaN;
                    continue;
                }
                Float value = number(text);
                if (value != null) {
                    numbers[f]++;
                    values[at + f] = value;
                    continue;
                }
                if (others[f]++ == 0) {
                    example[f] = "line " + table.line() + ": " + shown(text);
                }
                if (slip.isEmpty()) {
                    slip = features.get(f) + " is " + shown(text) + ", need a number";
                }
            }
            boolean started = isStart;
            if (hasStart && slip.isEmpty()) {
                String mark = table.get(3).toLowerCase(Locale.ROOT);
                started = YES.contains(mark);
                if (!started && !NO.contains(mark)) {
                    slip = columns.start().orElseThrow() + " is " + shown(mark) + ", need 1 or 0";
                }
            }
            if (!slip.isEmpty()) {
                slips.add(new Slip(table.line(), slip));
                return;
            }
            group.add(groups.computeIfAbsent(table.get(1), name -> groups.size()));
            String label = table.get(2);
            labels.merge(label, 1L, Long::sum);
            positive.add(isPositive(label));
            start.add(started);
        }

        void checkColumns(Path file) {
            List<String> wrong = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int f = 0; f < count; f++) {
                if (others[f] > MOST_SLIPS * (numbers[f] + others[f])) {
                    wrong.add(features.get(f) + " (" + example[f] + ")");
                    names.add(features.get(f));
                }
            }
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(file + ": no numbers are in " + String.join(", ", wrong)
                        + "; need numeric features: leave others out by --ignore " + String.join(",", names));
            }
        }

        void tell(Path file) {
            for (Slip slip : slips) {
                bad.add(file, slip.line(), slip.what());
            }
        }

        FeatureTable build(Path file) {
            int n = group.size();
            if (n == 0) {
                throw new IllegalArgumentException(file + ": no row can be used; need rows of numbers");
            }
            boolean[] isPositive = new boolean[n];
            boolean[] isStart = new boolean[n];
            boolean any = false;
            for (int i = 0; i < n; i++) {
                isPositive[i] = positive.get(i);
                isStart[i] = start.get(i);
                any |= isPositive[i];
            }
            if (!any) {
                throw new IllegalArgumentException(file + ": no row has the label " + shown(columns.positive()) + " in "
                        + columns.label() + "; the labels are "
                        + labels.keySet().stream()
                                .sorted()
                                .limit(10)
                                .map(FeatureCsv::shown)
                                .collect(Collectors.joining(", "))
                        + (labels.size() > 10 ? " and " + (labels.size() - 10) + " more" : ""));
            }
            return new FeatureTable(
                    count,
                    Arrays.copyOf(values, n * count),
                    group.stream().mapToInt(g -> g).toArray(),
                    isPositive,
                    isStart);
        }
    }

    private boolean isPositive(String label) {
        if (label.equals(columns.positive())) {
            return true;
        }
        // "1.0" is 1: programs write integers with a point when another row of the column was missing.
        Float one = number(label);
        return one != null && one.equals(number(columns.positive()));
    }

    private static @Nullable Float number(String text) {
        try {
            // Java's own suffixes are no numbers to anybody else.
            char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
            if (Character.isLetter(last) && !text.toLowerCase(Locale.ROOT).endsWith("inf")) {
                return null;
            }
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "inf", "+inf" -> Float.POSITIVE_INFINITY;
                case "-inf" -> Float.NEGATIVE_INFINITY;
                default -> Float.parseFloat(text);
            };
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static String shown(String text) {
        return '"' + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + '"';
    }
}
