package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Labels of candidates by candid, from a CSV file with columns {@code candid,label} and, if there, {@code subclass}. */
final class CandidLabels {
    /**
     * @param subclass empty where the file gives none
     * @param line on which it stands
     */
    record Label(boolean real, String subclass, long line) {}

    private final Map<Long, Label> byCandid = new HashMap<>();
    private boolean hasSubclass;

    private CandidLabels() {}

    /**
     * Rows that cannot be used are told and left out; of labels that contradict each other the first holds.
     *
     * @throws IllegalArgumentException when a column is missing or no row can be used
     */
    static CandidLabels read(Path file, BadRows bad) throws IOException {
        CandidLabels labels = new CandidLabels();
        try (CsvTable table = CsvTable.open(file)) {
            labels.hasSubclass = table.has("subclass");
            table.columns(
                    labels.hasSubclass
                            ? new String[] {"candid", "label", "subclass"}
                            : new String[] {"candid", "label"});
            while (table.next()) {
                String wrong = labels.add(table);
                if (!wrong.isEmpty()) {
                    bad.add(file, table.line(), wrong);
                    if (table.spansLines()) {
                        table.resumeOnNextLine();
                    }
                }
            }
        }
        if (labels.byCandid.isEmpty()) {
            throw new IllegalArgumentException(file + ": no row can be used; need rows of candid, label");
        }
        return labels;
    }

    /** What is wrong with the row; empty if nothing is. */
    private String add(CsvTable table) {
        long candid;
        try {
            candid = Long.parseLong(table.get(0));
        } catch (NumberFormatException e) {
            return "candid is " + shown(table.get(0)) + ", need a whole number of 64 bits";
        }
        boolean real;
        switch (table.get(1).toLowerCase(Locale.ROOT)) {
            case "real" -> real = true;
            case "bogus" -> real = false;
            default -> {
                return "label is " + shown(table.get(1)) + ", need real or bogus";
            }
        }
        Label label = new Label(real, hasSubclass ? table.get(2) : "", table.line());
        Label before = byCandid.putIfAbsent(candid, label);
        return before == null || before.real == real
                ? ""
                : "candid " + candid + " is " + table.get(1) + " here and not on line " + before.line;
    }

    private static String shown(String text) {
        return '"' + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + '"';
    }

    int size() {
        return byCandid.size();
    }

    boolean hasSubclass() {
        return hasSubclass;
    }

    @Nullable
    Label of(long candid) {
        return byCandid.get(candid);
    }
}
