package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ConsensusCommandTest {
    private static final String CLEAR = """
            task,worker,label
            a,ann,cat
            a,ben,cat
            a,cem,dog
            b,ann,dog
            b,ben,dog
            c,ann,cat
            c,cem,cat
            """;

    @TempDir
    private Path folder;

    private Path answers;
    private Path out;

    @BeforeEach
    void files() {
        answers = folder.resolve("answers.csv");
        out = folder.resolve("consensus.csv");
    }

    @Test
    void labelsEveryTaskInTheOrderOfTheFile() throws IOException {
        Ran ran = consensus(CLEAR);

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        Map<String, Map<String, String>> rows = rows(out, "task");
        assertThat(Files.readAllLines(out).get(0)).isEqualTo("task,label,confidence,votes,p_cat,p_dog");
        assertThat(rows.keySet()).containsExactly("a", "b", "c");
        assertThat(rows.get("a")).containsEntry("label", "cat").containsEntry("votes", "3");
        assertThat(rows.get("b")).containsEntry("label", "dog").containsEntry("votes", "2");
        for (Map<String, String> row : rows.values()) {
            assertThat(number(row, "p_cat") + number(row, "p_dog")).isCloseTo(1, within(1e-6));
            assertThat(number(row, "confidence")).isEqualTo(number(row, "p_" + row.get("label")));
        }
    }

    @Test
    void writesEachWorkersConfusionMatrix() throws IOException {
        Path workers = folder.resolve("workers.csv");

        consensus(CLEAR, "--workers", workers.toString());

        assertThat(Files.readAllLines(workers).get(0))
                .isEqualTo("worker,votes,accuracy,p_cat_if_cat,p_dog_if_cat,p_cat_if_dog,p_dog_if_dog,"
                        + "low_cat,high_cat,low_dog,high_dog,blind");
        Map<String, Map<String, String>> rows = rows(workers, "worker");
        assertThat(rows.keySet()).containsExactly("ann", "ben", "cem");
        assertThat(rows.get("ann")).containsEntry("votes", "3");
        assertThat(number(rows.get("ann"), "accuracy")).isGreaterThan(number(rows.get("cem"), "accuracy"));
        assertThat(number(rows.get("cem"), "p_cat_if_cat") + number(rows.get("cem"), "p_dog_if_cat"))
                .isCloseTo(1, within(1e-6));
        assertThat(number(rows.get("ann"), "low_cat")).isLessThan(number(rows.get("ann"), "high_cat"));
    }

    @Test
    void tellsTheBlindFromTheSeeing() throws IOException {
        Path workers = folder.resolve("workers.csv");
        StringBuilder answers = new StringBuilder("task,worker,label\n");
        Random random = new Random(4);
        for (int task = 0; task < 80; task++) {
            boolean cat = task % 2 == 0;
            for (String worker : List.of("ann", "ben", "cem", "dan")) {
                boolean right = random.nextDouble() < .9;
                answers.append(task).append(',').append(worker).append(',').append(cat == right ? "cat" : "dog");
                answers.append('\n');
            }
            answers.append(task).append(",always,cat\n");
        }

        consensus(answers.toString(), "--workers", workers.toString());

        Map<String, Map<String, String>> rows = rows(workers, "worker");
        assertThat(number(rows.get("always"), "blind")).isGreaterThan(.75);
        assertThat(number(rows.get("ann"), "blind")).isLessThan(.05);
        // Right in 36 of 40 cats, more or less.
        assertThat(number(rows.get("ann"), "low_cat")).isBetween(.65, .9);
        assertThat(number(rows.get("ann"), "high_cat")).isBetween(.9, 1.);
    }

    @Test
    void isTheSameToTheLetterFromEveryLookOfTheFile() throws IOException {
        consensus(CLEAR);
        Map<String, Map<String, String>> expected = rows(out, "task");
        List<String> shuffled = new ArrayList<>(CLEAR.lines().skip(1).toList());
        Collections.shuffle(shuffled, new Random(3));
        Map<String, String> looks = new LinkedHashMap<>();
        looks.put("byte order mark", '\uFEFF' + CLEAR);
        looks.put("CRLF", CLEAR.replace("\n", "\r\n"));
        looks.put("no last line break", CLEAR.strip());
        looks.put("blank lines", CLEAR.replace("\n", "\n\n"));
        looks.put("tabs", CLEAR.replace(",", "\t"));
        looks.put("semicolons", CLEAR.replace(",", ";"));
        looks.put("quotes", CLEAR.replaceAll("(?m)([^,\n]+)", "\"$1\""));
        looks.put("blanks", CLEAR.replace(",", " , "));
        looks.put("duplicates", CLEAR + "a,cem,dog\na,ann,cat\n");
        looks.put("another order of rows", "task,worker,label\n" + String.join("\n", shuffled));
        looks.put(
                "other columns in another order",
                CLEAR.replaceAll("(?m)^(.*),(.*),(.*)$", "$3,some text,$2,\"more, text\",$1")
                        .replace("label,some text", "Label,note"));

        looks.forEach((look, text) -> {
            Ran ran = consensus(text);

            assertThat(ran.exitCode()).as(look + ": " + ran.err()).isZero();
            assertThat(rows(out, "task")).as(look).isEqualTo(expected);
        });
    }

    @Test
    void readsUtf16AndNamesBeyondAscii() throws IOException {
        Files.write(answers, ('\uFEFF' + CLEAR.replace("cat", "Katze äöü")).getBytes(StandardCharsets.UTF_16LE));

        run("consensus", "--answers", answers.toString(), "--out", out.toString());

        assertThat(rows(out, "task").get("a")).containsEntry("label", "Katze äöü");
    }

    @Test
    void tellsBadRowsWithFileAndLineAndGoesOn() throws IOException {
        Ran ran = consensus("""
                task,worker,label
                a,ann,cat
                a,ben
                ,ben,cat
                a,ben,
                b,"ben,dog
                b,cem,dog
                b,ann,dog
                """);

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err().lines().toList())
                .hasSize(4)
                .allMatch(line -> line.startsWith(answers + ":") && line.endsWith("row left out"));
        assertThat(ran.err())
                .contains(":3: got 2 columns, need task, worker, label")
                .contains(":4: task is empty")
                .contains(":5: label is empty")
                .contains(":6: ");
        assertThat(rows(out, "task").get("b")).containsEntry("votes", "2");
    }

    @Test
    void showsTheFirstOfManyBadRowsAndCountsTheOthers() {
        Ran ran = consensus("task,worker,label\na,ann,cat\nb,ann,dog\n" + "x,,y\n".repeat(50));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err().lines()).hasSize(21).last().isEqualTo("... and 30 more rows left out");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(consensus("subject,who,what\n1,2,3\n").err())
                .contains(answers + ":1: the header has subject, who, what; need task, worker, label");
        assertThat(consensus("").err()).contains("the file is empty");
        assertThat(consensus("task,worker,label\n").err()).contains("no row can be used");
        assertThat(run("consensus", "--answers", "nowhere.csv", "--out", out.toString())
                        .err())
                .contains("nowhere.csv: there is no such file");
        Ran unknown = consensus(CLEAR, "--method", "oracle");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("oracle").contains("majority");
        assertThat(out).doesNotExist();
    }

    @Test
    void takesColumnsByOtherNames() throws IOException {
        Ran ran = consensus(
                CLEAR.replace("task,worker,label", "subject_ids,user,val"), "--columns", "subject_ids,user,val");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(rows(out, "task").get("b")).containsEntry("label", "dog");
    }

    @Test
    void toleratesGoldOfUnknownTasksAndLabelsThatNobodyChose() throws IOException {
        Path gold = folder.resolve("gold.csv");
        Files.writeString(gold, "label,task\nbird,c\nfish,unknown\ncat,a\ndog,a\n");

        Ran ran = consensus(CLEAR, "--gold", gold.toString());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains(gold + ": 1 of 3 tasks have no answer")
                .contains(gold + ":5: task \"a\" is \"dog\" here and \"cat\" on line 4");
        assertThat(rows(out, "task").get("a").keySet()).containsSequence("p_bird", "p_cat", "p_dog");
        assertThat(rows(out, "task").get("a")).doesNotContainKey("p_fish");
    }

    @Test
    void ordersNumbersByValue() throws IOException {
        consensus("task,worker,label\n1,a,10\n1,b,10\n2,a,9\n2,b,9\n3,a,-1\n");

        assertThat(Files.readAllLines(out).get(0)).isEqualTo("task,label,confidence,votes,p_-1,p_9,p_10");
    }

    @Test
    void isCertainOfTheOnlyLabel() throws IOException {
        Ran ran = consensus("task,worker,label\n1,a,yes\n2,b,yes\n", "--report");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("every answer is \"yes\"");
        assertThat(Files.readString(out))
                .isEqualTo("task,label,confidence,votes,p_yes\n1,yes,1.0,1,1.0\n2,yes,1.0,1,1.0\n");
    }

    @Test
    void refusesFreeTextInPlaceOfLabels() {
        StringBuilder text = new StringBuilder("task,worker,label\n");
        for (int i = 0; i < 1000; i++) {
            text.append(i % 100)
                    .append(",w")
                    .append(i % 60)
                    .append(",remark ")
                    .append(i)
                    .append('\n');
        }

        assertThat(consensus(text.toString()).err()).contains("got 1000 labels").contains("free text");
    }

    @Test
    void reportsMethodAgreementCalibrationAndTime() throws IOException {
        Path gold = folder.resolve("gold.csv");
        StringBuilder votes = new StringBuilder("task,worker,label\n");
        StringBuilder known = new StringBuilder("task,label\n");
        Random random = new Random(5);
        for (int task = 0; task < 60; task++) {
            int truth = task % 2;
            for (int worker = 0; worker < 5; worker++) {
                int label = random.nextDouble() < 0.9 ? truth : 1 - truth;
                votes.append(task)
                        .append(',')
                        .append(worker)
                        .append(',')
                        .append(label)
                        .append('\n');
            }
            if (task < 20) {
                known.append(task).append(',').append(truth).append('\n');
            }
        }
        Files.writeString(gold, known);

        Ran with = consensus(votes.toString(), "--report", "--gold", gold.toString());
        Ran without = consensus(votes.toString(), "--report");

        assertThat(with.out())
                .contains("300 votes by 5 workers on 60 tasks")
                .contains("Gold        20 tasks")
                .contains("Method ")
                .contains("Krippendorff's alpha 0.")
                .contains("on 20 gold tasks, each hidden from the fit in turn")
                .contains("ECE 0.")
                .contains("s fitting");
        assertThat(without.out()).contains("one vote of each of 60 tasks, hidden and predicted");
        assertThat(withoutTime(without.out()))
                .isEqualTo(withoutTime(consensus(votes.toString(), "--report", "--threads", "1")
                        .out()));
    }

    private static String withoutTime(String report) {
        return report.replaceAll("(?m)^Time.*$", "");
    }

    private static final String PANOPTES_HEADER =
            "classification_id,user_name,user_id,user_ip,workflow_id,created_at,annotations,subject_data,subject_ids\n";

    private static String panoptes(
            int id, String user, String ip, String workflow, String annotations, String subject) {
        return id + "," + user + ",," + ip + "," + workflow + ",2020-01-01 00:00:00 UTC,\""
                + annotations.replace("\"", "\"\"") + "\",\"{\"\"" + subject + "\"\":{\"\"retired\"\":null}}\","
                + subject
                + "\n";
    }

    private static String says(String value) {
        return "[{\"task\":\"T0\",\"task_label\":\"Real?\",\"value\":" + value + "}]";
    }

    @Test
    void takesTheFirstVoteOfEachPersonFromAPanoptesExport() throws IOException {
        Ran ran = consensus(
                PANOPTES_HEADER
                        + panoptes(12, "ann", "x", "7", says("\"No\""), "100")
                        + panoptes(11, "ann", "x", "7", says("\"Yes\""), "100")
                        + panoptes(13, "not-logged-in-4f", "y", "7", says("\"Yes\""), "100")
                        + panoptes(14, "", "z", "7", says("\"Yes\""), "100")
                        + panoptes(15, "", "z", "7", says("\"No\""), "100")
                        + panoptes(16, "ann", "x", "7", says("\"No\""), "101")
                        + panoptes(17, "ann", "x", "7", says("null"), "102")
                        + panoptes(18, "ann", "x", "8", says("\"Maybe\""), "100")
                        + panoptes(19, "", "", "7", says("\"Yes\""), "103")
                        + panoptes(20, "ann", "x", "7", "[{\"task\":", "103"),
                "--format",
                "panoptes",
                "--task",
                "T0");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains("Workflow 7, task T0: 4 votes; left out 2 repeated")
                .contains("and 1 classifications without a label")
                .contains("8 with 1")
                .contains(answers + ":10: user_name, user_id and user_ip are empty")
                .contains(answers + ":11: annotations or subject_data is not JSON");
        Map<String, Map<String, String>> rows = rows(out, "task");
        assertThat(rows.keySet()).containsExactly("100", "101");
        assertThat(rows.get("100")).containsEntry("votes", "3").containsEntry("label", "Yes");
    }

    @Test
    void readsTheKindsOfAnswersThatPanoptesHas() throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("\"Yes\"", "Yes");
        values.put("3", "3");
        values.put("[\"b\",\"a\"]", "a + b");
        values.put("[]", "(none)");
        values.put("[{\"choice\":\"DEER\",\"answers\":{},\"filters\":{}}]", "DEER");
        values.put("[{\"choice\":\"FOX\"},{\"choice\":\"DEER\"},{\"choice\":\"FOX\"}]", "DEER + FOX");
        values.put("[{\"value\":\"ab12\",\"option\":true}]", "ab12");
        values.put("[{\"tool\":0,\"x\":1.5,\"details\":[],\"value\":1}]", "");
        StringBuilder text = new StringBuilder(PANOPTES_HEADER);
        int id = 0;
        for (String value : values.keySet()) {
            text.append(panoptes(++id, "ann", "x", "7", says(value), "s" + id));
        }
        text.append(panoptes(
                50, "ann", "x", "7", "[{\"task\":\"T9\",\"value\":[{\"task\":\"T0\",\"value\":\"inner\"}]}]", "s50"));

        Ran ran = consensus(text.toString(), "--format", "panoptes");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        Map<String, String> expected = new HashMap<>();
        id = 0;
        for (String label : values.values()) {
            id++;
            if (!label.isEmpty()) {
                expected.put("s" + id, label);
            }
        }
        expected.put("s50", "inner");
        assertThat(rows(out, "task").keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        assertThat(Files.readAllLines(out).get(0))
                .isEqualTo("task,label,confidence,votes,p_(none),p_3,p_DEER,p_DEER + FOX,p_Yes,p_a + b,p_ab12,p_inner");
    }

    @Test
    void refusesATaskOfDrawings() {
        Ran ran = consensus(
                PANOPTES_HEADER
                        + panoptes(1, "ann", "x", "7", says("[{\"tool\":0,\"x\":1.5}]"), "1")
                        + panoptes(2, "ben", "x", "7", says("[]"), "1"),
                "--format",
                "panoptes");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("no classification has a label for task T0")
                .contains("drawings");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "michigan-sample.csv T2 1997 3",
                "example_classifications.csv T0 26 70",
                "kenya-sample.csv T3 1945 31"
            })
    void readsGenuineExports(String which) throws IOException {
        String[] what = which.split(" ");
        Path data = Path.of(System.getProperty("skysieve.data", "../shared/data"))
                .resolve("zooniverse/panoptes-exports/" + what[0]);
        Assumptions.assumeTrue(Files.exists(data), "no file " + data + ": set -Dskysieve.data");

        Ran ran = run(
                "consensus",
                "--answers",
                data.toString(),
                "--format",
                "panoptes",
                "--task",
                what[1],
                "--out",
                out.toString());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains(": " + what[2] + " votes; left out " + what[3] + " repeated");
        assertThat(rows(out, "task").values().stream()
                        .mapToInt(row -> Integer.parseInt(row.get("votes")))
                        .sum())
                .isEqualTo(Integer.parseInt(what[2]));
    }

    private Ran consensus(String text, String... options) {
        try {
            Files.writeString(answers, text);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        List<String> all =
                new ArrayList<>(List.of("consensus", "--answers", answers.toString(), "--out", out.toString()));
        all.addAll(Arrays.asList(options));
        return run(all.toArray(new String[0]));
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Skysieve.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(row.get(column));
    }

    /** The rows of a file whose values hold no comma, by one of its columns. */
    private static Map<String, Map<String, String>> rows(Path file, String key) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file, Charset.forName("UTF-8"));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        String[] header = lines.get(0).split(",");
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",");
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < header.length; i++) {
                row.put(header[i], values[i]);
            }
            rows.put(row.get(key), row);
        }
        return rows;
    }
}
