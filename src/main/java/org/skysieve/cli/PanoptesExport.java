package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers to one task out of a classification export of the Zooniverse. What counts as an answer:
 *
 * <ul>
 *   <li>question: the text (or number) in {@code value}; of a question with several answers all of them, sorted, joined
 *       by {@code " + "}; none ticked is {@code (none)}
 *   <li>survey: the choice; of several animals in one picture all of them, sorted and joined likewise
 *   <li>drop-down: the value of the selection
 *   <li>a task inside a combination task is found as well
 * </ul>
 *
 * Drawings and transcriptions are no labels and are left out, as are classifications that skip the task. A person votes
 * once on a subject: of several classifications the earliest counts. Somebody who is not signed in is who
 * {@code user_name} ("not-logged-in-...") says, or {@code user_ip} where that is empty.
 */
final class PanoptesExport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NONE = "(none)";
    private static final String AND = " + ";

    private final String task;
    private final BadRows bad;
    private final Map<String, Answers> byWorkflow = new TreeMap<>();
    private final TreeSet<String> tasksSeen = new TreeSet<>();
    private long rows;

    private PanoptesExport(String task, BadRows bad) {
        this.task = task;
        this.bad = bad;
    }

    /**
     * @param answers one per subject and person
     * @param workflow from which they are
     * @param repeats classifications left out because the same person had classified the subject before
     * @param unlabelled classifications of that workflow without a label for the task: skipped, or a drawing
     * @param otherWorkflows answers to tasks of that name in other workflows: other questions, so left out
     */
    record Read(
            CrowdAnswers.Builder answers,
            String workflow,
            long repeats,
            long unlabelled,
            Map<String, Integer> otherWorkflows) {}

    /**
     * @param task such as {@code T0}
     * @param workflow its id, or null for the one with most answers to the task
     */
    static Read read(Path file, String task, @Nullable String workflow, BadRows bad) throws IOException {
        PanoptesExport export = new PanoptesExport(task, bad);
        try (CsvTable table = CsvTable.open(file)) {
            export.readRows(table);
        }
        return export.choose(file, workflow);
    }

    private static final class Answers {
        final CrowdAnswers.Builder rows = new CrowdAnswers.Builder();
        /** The row and the classification of each subject and person. */
        final Map<Long, Vote> first = new HashMap<>();

        /** Without any, an empty list is a drawing task on an empty picture, not an answer. */
        long chosen;

        long repeats;
        long unlabelled;

        void add(String subject, String person, String label, long classification) {
            chosen += label.equals(NONE) ? 0 : 1;
            long pair = rows.pair(subject, person);
            Vote before = first.get(pair);
            if (before == null) {
                first.put(pair, new Vote(rows.add(subject, person, label), classification));
                return;
            }
            repeats++;
            if (classification < before.classification) {
                rows.relabel(before.row, label);
                first.put(pair, new Vote(before.row, classification));
            }
        }
    }

    private record Vote(int row, long classification) {}

    private void readRows(CsvTable table) throws IOException {
        List<String> columns = new ArrayList<>(List.of("annotations"));
        List<String> optional = List.of(
                "subject_ids", "subject_data", "user_name", "user_id", "user_ip", "workflow_id", "classification_id");
        int[] at = new int[optional.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = table.has(optional.get(i)) ? columns.size() : -1;
            if (at[i] > 0) {
                columns.add(optional.get(i));
            }
        }
        if (at[0] < 0 && at[1] < 0) {
            columns.add("subject_ids");
        }
        if (at[2] < 0 && at[3] < 0 && at[4] < 0) {
            columns.add("user_name");
        }
        table.columns(columns.toArray(new String[0]));
        while (table.next()) {
            rows++;
            readRow(table, at);
        }
    }

    private void readRow(CsvTable table, int[] at) {
        JsonNode annotations;
        String subject = value(table, at[0]);
        try {
            annotations = JSON.readTree(table.get(0));
            if (subject.isEmpty()) {
                JsonNode data = JSON.readTree(value(table, at[1]));
                subject = data.fieldNames().hasNext() ? data.fieldNames().next() : "";
            }
        } catch (JsonProcessingException failure) {
            bad.add(
                    table.file(),
                    table.line(),
                    "annotations or subject_data is not JSON: " + failure.getOriginalMessage());
            return;
        }
        if (!annotations.isArray()) {
            bad.add(table.file(), table.line(), "annotations is no JSON array");
            return;
        }
        if (subject.isEmpty()) {
            bad.add(table.file(), table.line(), "no subject");
            return;
        }
        String person = person(value(table, at[2]), value(table, at[3]), value(table, at[4]));
        if (person.isEmpty()) {
            bad.add(
                    table.file(),
                    table.line(),
                    "user_name, user_id and user_ip are empty: nobody to count the vote for");
            return;
        }
        Answers answers = byWorkflow.computeIfAbsent(value(table, at[5]), id -> new Answers());
        JsonNode annotation = find(annotations);
        String label = annotation == null ? "" : label(annotation.path("value"));
        if (label.isEmpty()) {
            answers.unlabelled++;
            return;
        }
        answers.add(subject, person, label, number(value(table, at[6])));
    }

    private static String value(CsvTable table, int column) {
        // R writes NA where there is nothing.
        String value = column < 0 ? "" : table.get(column);
        return value.equals("NA") ? "" : value;
    }

    private static String person(String name, String id, String address) {
        return !name.isEmpty() ? name : !id.isEmpty() ? "user " + id : address.isEmpty() ? "" : "address " + address;
    }

    /** Rows without a usable id count in the order of the file. */
    private long number(String classification) {
        try {
            return Long.parseLong(classification);
        } catch (NumberFormatException notOne) {
            return rows;
        }
    }

    /** The annotation of the task, also inside a combination task. */
    private @Nullable JsonNode find(JsonNode annotations) {
        for (JsonNode annotation : annotations) {
            String name = annotation.path("task").asText();
            if (name.equals(task)) {
                return annotation;
            }
            tasksSeen.add(name);
            JsonNode value = annotation.path("value");
            if (value.isArray() && value.path(0).has("task")) {
                JsonNode inner = find(value);
                if (inner != null) {
                    return inner;
                }
            }
        }
        return null;
    }

    /** Empty where the value is no label. */
    private static String label(JsonNode value) {
        if (value.isValueNode()) {
            return value.isNull() ? "" : value.asText().strip();
        }
        if (value.isObject()) {
            return choice(value);
        }
        if (!value.isArray()) {
            return "";
        }
        if (value.isEmpty()) {
            return NONE;
        }
        TreeSet<String> chosen = new TreeSet<>();
        for (JsonNode one : value) {
            String label = one.isObject()
                    ? choice(one)
                    : one.isNull() ? "" : one.asText().strip();
            if (label.isEmpty()) {
                return "";
            }
            chosen.add(label);
        }
        return String.join(AND, chosen);
    }

    /** Of a survey ({@code choice}) or a drop-down ({@code value} or {@code selection}); a drawing has none of them. */
    private static String choice(JsonNode object) {
        for (String field : List.of("choice", "selection", "value")) {
            JsonNode chosen = object.path(field);
            if (chosen.isTextual() || chosen.isNumber()) {
                return object.has("tool") || object.has("toolIndex")
                        ? ""
                        : chosen.asText().strip();
            }
        }
        return "";
    }

    private Read choose(Path file, @Nullable String workflow) {
        Map<String, Integer> counts = new TreeMap<>();
        byWorkflow.forEach((id, answers) -> {
            if (answers.chosen > 0) {
                counts.put(id, answers.rows.size());
            }
        });
        String chosen = workflow;
        if (chosen == null) {
            for (Map.Entry<String, Integer> entry : counts.entrySet()) {
                if (chosen == null || entry.getValue() > counts.getOrDefault(chosen, 0)) {
                    chosen = entry.getKey();
                }
            }
        }
        if (chosen == null || !counts.containsKey(chosen)) {
            throw new IllegalArgumentException(file + ": no classification"
                    + (workflow == null ? "" : " of workflow " + workflow) + " has a label for task " + task + " ("
                    + rows + " rows; workflows with such labels: " + (counts.isEmpty() ? "none" : counts.keySet())
                    + "; other tasks: " + (tasksSeen.isEmpty() ? "none" : tasksSeen)
                    + "; drawings and transcriptions are no labels)");
        }
        Answers answers = byWorkflow.getOrDefault(chosen, new Answers());
        counts.remove(chosen);
        return new Read(answers.rows, chosen, answers.repeats, answers.unlabelled, counts);
    }
}
