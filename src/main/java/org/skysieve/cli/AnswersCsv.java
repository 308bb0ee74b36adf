package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads answers {@code task,worker,label} and gold {@code task,label}. Rows that cannot be used are told and left out. */
final class AnswersCsv {
    /** A quote that is never closed swallows the rest of a file: no name is that long. */
    private static final int LONGEST_NAME = 1000;

    private AnswersCsv() {}

    /**
     * @param columns the names of the columns of task, worker and label
     * @throws IllegalArgumentException when a column is missing or no row can be used
     */
    static CrowdAnswers.Builder answers(Path file, String[] columns, BadRows bad) throws IOException {
        CrowdAnswers.Builder answers = new CrowdAnswers.Builder();
        try (CsvTable table = CsvTable.open(file).columns(columns)) {
            while (table.next()) {
                if (isUsable(table, columns, bad)) {
                    answers.add(table.get(0), table.get(1), table.get(2));
                }
            }
        }
        if (answers.size() == 0) {
            throw new IllegalArgumentException(
                    file + ": no row can be used; need rows of " + String.join(", ", columns));
        }
        return answers;
    }

    /**
     * The known label of each task. Of labels that contradict each other the first holds.
     *
     * @param columns the names of the columns of task and label
     */
    static Map<String, String> gold(Path file, String[] columns, BadRows bad) throws IOException {
        Map<String, String> gold = new LinkedHashMap<>();
        Map<String, Long> lines = new HashMap<>();
        try (CsvTable table = CsvTable.open(file).columns(columns)) {
            while (table.next()) {
                if (!isUsable(table, columns, bad)) {
                    continue;
                }
                String before = gold.putIfAbsent(table.get(0), table.get(1));
                if (before == null) {
                    lines.put(table.get(0), table.line());
                } else if (!before.equals(table.get(1))) {
                    bad.add(
                            file,
                            table.line(),
                            "task " + shown(table.get(0)) + " is " + shown(table.get(1)) + " here and " + shown(before)
                                    + " on line " + lines.get(table.get(0)));
                }
            }
        }
        return gold;
    }

    private static boolean isUsable(CsvTable table, String[] columns, BadRows bad) throws IOException {
        String what = "";
        if (!table.isComplete()) {
            what = "got " + table.size() + (table.size() == 1 ? " column" : " columns") + ", need "
                    + String.join(", ", columns);
        }
        for (int i = 0; i < columns.length && what.isEmpty(); i++) {
            String value = table.get(i);
            if (value.isEmpty()) {
                what = columns[i] + " is empty";
            } else if (value.length() > LONGEST_NAME || value.indexOf('\n') >= 0) {
                what = columns[i] + " has " + value.length() + " characters and "
                        + value.chars().filter(c -> c == '\n').count() + " line breaks, need one line of at most "
                        + LONGEST_NAME;
            }
        }
        if (what.isEmpty()) {
            return true;
        }
        if (table.spansLines()) {
            bad.add(table.file(), table.line(), what + " (is a quote left open?)");
            table.resumeOnNextLine();
        } else {
            bad.add(table.file(), table.line(), what);
        }
        return false;
    }

    private static String shown(String name) {
        return '"' + (name.length() <= 40 ? name : name.substring(0, 40) + "...") + '"';
    }
}
