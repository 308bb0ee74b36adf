package org.skysieve.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Asks;
import org.skysieve.project.DecisionTree;
import org.skysieve.project.Rules;
import org.skysieve.project.Task;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.WrongField;

/**
 * A workflow in a form: rows of answers and tasks come and go by buttons, and every field keeps what was typed into it.
 * Names of fields are {@code answer.0.label}, {@code task.1.after} and so on; a task names the answers it follows by row, so
 * that a key may still change.
 */
final class WorkflowForm {
    static final int MOST_ANSWERS = 12;
    static final int MOST_TASKS = 8;

    private static final List<String> ANSWER = List.of("key", "label", "help");
    private static final List<String> TASK =
            List.of("key", "kind", "question", "help", "after", "options", "most", "min", "max", "step", "unit");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\|n])");
    private static final int LONGEST_TREE = 20_000;
    private static final int LONGEST_KEY = 30;

    /** What is to be stored. */
    record Read(String title, String question, List<AnswerOption> answers, Rules rules, Asks asks) {}

    /** A row of the page. */
    public record AnswerRow(int number, List<FormField> fields, boolean removable) {}

    /** An answer that a task may follow. */
    public record After(int answer, String label, boolean chosen) {}

    /** A kind of task. */
    public record Kind(String key, String words, boolean chosen) {}

    /** A task of the page; {@code slider} are the fields of a number alone. */
    public record TaskRow(
            int number,
            String name,
            FormField question,
            FormField key,
            FormField help,
            List<Kind> kinds,
            String kindError,
            List<After> after,
            FormField options,
            FormField most,
            List<FormField> slider) {}

    private final MultivaluedMap<String, String> sent;
    private final Typed typed;
    private final @Nullable WorkflowView stored;
    private final ObjectMapper json;
    private String focus = "";

    private WorkflowForm(MultivaluedMap<String, String> sent, @Nullable WorkflowView stored, ObjectMapper json) {
        this.sent = sent;
        this.typed = new Typed(sent);
        this.stored = stored;
        this.json = json;
    }

    /** Of a workflow that is not there yet: two empty answers, and the usual rules. */
    static WorkflowForm fresh(ObjectMapper json) {
        MultivaluedMap<String, String> empty = new MultivaluedHashMap<>();
        for (int i = 0; i < 2; i++) {
            empty.putSingle("answer." + i + ".label", "");
        }
        rules(Rules.DEFAULT, empty);
        return new WorkflowForm(empty, null, json);
    }

    /** Of a workflow as it is. */
    static WorkflowForm of(WorkflowView workflow, ObjectMapper json) {
        MultivaluedMap<String, String> now = new MultivaluedHashMap<>();
        now.putSingle("title", workflow.title());
        now.putSingle("question", workflow.question());
        List<String> keys = workflow.answers().stream().map(AnswerOption::key).toList();
        for (int i = 0; i < keys.size(); i++) {
            AnswerOption answer = workflow.answers().get(i);
            String at = "answer." + i + ".";
            now.putSingle(at + "key", answer.key());
            now.putSingle(at + "label", answer.label());
            now.putSingle(at + "help", answer.help());
        }
        List<Task> tasks = workflow.asks().tasks();
        for (int i = 0; i < tasks.size(); i++) {
            put(tasks.get(i), keys, "task." + i + ".", now);
        }
        DecisionTree tree = workflow.asks().tree();
        if (tree != null) {
            try {
                now.putSingle("tree", json.writerWithDefaultPrettyPrinter().writeValueAsString(tree));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("tree of workflow " + workflow.id() + " as JSON", e);
            }
        }
        rules(workflow.rules(), now);
        return new WorkflowForm(now, workflow, json);
    }

    /**
     * As somebody sent it.
     *
     * @param stored the workflow as it is; null for a new one
     */
    static WorkflowForm sent(MultivaluedMap<String, String> sent, @Nullable WorkflowView stored, ObjectMapper json) {
        return new WorkflowForm(new MultivaluedHashMap<>(sent), stored, json);
    }

    private static void put(Task task, List<String> answers, String at, MultivaluedMap<String, String> into) {
        into.putSingle(at + "key", task.key());
        into.putSingle(at + "kind", task.kind().key());
        into.putSingle(at + "question", task.question());
        into.putSingle(at + "help", task.help());
        task.after().forEach(answer -> into.add(at + "after", "" + answers.indexOf(answer)));
        into.putSingle(
                at + "options", task.options().stream().map(WorkflowForm::line).collect(Collectors.joining("\n")));
        into.putSingle(at + "most", "" + task.most());
        into.putSingle(at + "min", RetirementForm.plain(task.min()));
        into.putSingle(at + "max", RetirementForm.plain(task.max()));
        into.putSingle(at + "step", RetirementForm.plain(task.step()));
        into.putSingle(at + "unit", task.unit());
    }

    private static void rules(Rules rules, MultivaluedMap<String, String> into) {
        into.putSingle("minVotes", "" + rules.minVotes());
        into.putSingle("maxVotes", "" + rules.maxVotes());
        into.putSingle("goldShare", RetirementForm.plain(rules.goldShare()));
        into.putSingle("explorationShare", RetirementForm.plain(rules.explorationShare()));
        into.putSingle("leaseMinutes", "" + rules.leaseMinutes());
    }

    // ---------------------------------------------------------------- rows

    private int answers() {
        return rows("answer.", "label", MOST_ANSWERS);
    }

    private int tasks() {
        return rows("task.", "question", MOST_TASKS);
    }

    private int rows(String name, String field, int most) {
        int count = 0;
        while (count < most && typed.has(name + count + "." + field)) {
            count++;
        }
        return count;
    }

    /**
     * What a button other than that of saving asks for.
     *
     * @param action such as {@code add-answer} or {@code remove-task.2}
     * @return whether there is such a button
     */
    boolean act(String action) {
        if (action.equals("add-answer") && stored == null && answers() < MOST_ANSWERS) {
            focus = "answer." + answers() + ".label";
            sent.putSingle(focus, "");
        } else if (action.equals("add-task") && tasks() < MOST_TASKS) {
            focus = "task." + tasks() + ".question";
            sent.putSingle(focus, "");
        } else if (action.matches("remove-answer\\.\\d{1,2}") && stored == null) {
            int row = number(action);
            remove("answer.", row, answers(), ANSWER);
            for (int task = 0; task < tasks(); task++) {
                String after = "task." + task + ".after";
                boolean some = !typed.all(after).isEmpty();
                afterWithout(row, after);
                if (some && typed.all(after).isEmpty()) {
                    typed.wrong(
                            "task." + task + ".question",
                            "was asked after the answer that is gone, and now after every one: tick others, or remove it");
                }
            }
        } else if (action.matches("remove-task\\.\\d{1,2}")) {
            remove("task.", number(action), tasks(), TASK);
        } else {
            return false;
        }
        return true;
    }

    private static int number(String action) {
        return Integer.parseInt(action.substring(action.indexOf('.') + 1));
    }

    private void remove(String name, int row, int rows, List<String> fields) {
        if (row < rows) {
            for (String field : fields) {
                for (int i = row; i < rows; i++) {
                    List<String> next = sent.remove(name + (i + 1) + "." + field);
                    if (next == null || i == rows - 1) {
                        sent.remove(name + i + "." + field);
                    } else {
                        sent.put(name + i + "." + field, next);
                    }
                }
            }
        }
    }

    private void afterWithout(int row, String field) {
        List<String> kept = typed.all(field).stream()
                .filter(answer -> answer.matches("\\d{1,2}") && Integer.parseInt(answer) != row)
                .map(answer -> {
                    int at = Integer.parseInt(answer);
                    return "" + (at > row ? at - 1 : at);
                })
                .toList();
        sent.put(field, new ArrayList<>(kept));
    }

    // ---------------------------------------------------------------- reading

    /** The address of a new workflow: what was typed, else what the title makes. */
    String slug() {
        String slug = typed.text("slug");
        return slug.isEmpty() ? Typed.key(typed.text("title"), 40) : slug;
    }

    /** What is to be stored; empty, with the errors beside the fields, where something is wrong. */
    Optional<Read> read() {
        String title = typed.text("title", 1, 120);
        String question = typed.text("question", 1, 500);
        if (stored == null && slug().length() < 2 && !title.isEmpty()) {
            typed.wrong("slug", "the title makes none, need 2 to 63 of a-z, 0-9 and dashes");
        }
        List<AnswerOption> answers = readAnswers();
        List<Task> tasks = readTasks();
        Rules rules = readRules();
        DecisionTree tree = readTree();
        if (tree != null && typed.errors().isEmpty()) {
            try {
                tree.check(answers.stream().map(AnswerOption::key).toList());
            } catch (IllegalArgumentException invalid) {
                typed.wrong("tree", "" + invalid.getMessage());
            }
        }
        return typed.errors().isEmpty()
                ? Optional.of(new Read(title, question, answers, rules, new Asks(tree, tasks)))
                : Optional.empty();
    }

    private List<AnswerOption> readAnswers() {
        List<AnswerOption> answers = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int rows = answers();
        for (int i = 0; i < rows; i++) {
            String at = "answer." + i + ".";
            String label = typed.text(at + "label", 1, 120);
            String help = typed.text(at + "help", 0, 1_000);
            try {
                String key = answerKey(i);
                answers.add(new AnswerOption(key, label, help));
                if (!keys.add(key)) {
                    typed.wrong(at + "key", "got \"" + key + "\" twice, need distinct ones");
                }
            } catch (IllegalArgumentException invalid) {
                if (!label.isEmpty()) {
                    typed.wrong(
                            at + "key", "got \"" + answerKey(i) + "\", need 1 to 30 of a-z, 0-9, dash and underscore");
                }
            }
        }
        if (rows < 2) {
            typed.wrong("answers", "got " + rows + ", need 2.." + MOST_ANSWERS);
        }
        return answers;
    }

    private String answerKey(int row) {
        String key = typed.text("answer." + row + ".key");
        return key.isEmpty() ? Typed.key(typed.text("answer." + row + ".label"), LONGEST_KEY) : key;
    }

    private List<Task> readTasks() {
        List<Task> tasks = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < tasks(); i++) {
            String at = "task." + i + ".";
            Task.Kind kind;
            try {
                kind = Task.Kind.of(kind(i));
            } catch (IllegalArgumentException invalid) {
                typed.wrong(at + "kind", "got \"" + kind(i) + "\", need one of those listed");
                continue;
            }
            List<AnswerOption> options = isOptions(kind) ? options(at + "options") : List.of();
            Double most = isMany(kind) ? maybe(at + "most") : null;
            boolean slider = kind == Task.Kind.SLIDER;
            Double min = slider ? maybe(at + "min") : null;
            Double max = slider ? maybe(at + "max") : null;
            Double step = slider ? maybe(at + "step") : null;
            if (most != null && most != Math.rint(most)) {
                typed.wrong(at + "most", "got \"" + typed.text(at + "most") + "\", need a whole number");
            }
            if (List.of("options", "most", "min", "max", "step").stream()
                    .anyMatch(field -> !typed.error(at + field).isEmpty())) {
                continue;
            }
            try {
                Task task = Task.of(
                        taskKey(i),
                        kind,
                        typed.text(at + "question"),
                        typed.text(at + "help"),
                        after(i).stream().map(this::answerKey).toList(),
                        options,
                        most == null ? null : most.intValue(),
                        min,
                        max,
                        step,
                        slider ? typed.text(at + "unit") : "");
                tasks.add(task);
                if (!keys.add(task.key())) {
                    typed.wrong(at + "key", "got \"" + task.key() + "\" twice, need distinct ones");
                }
            } catch (WrongField wrong) {
                String field = wrong.field().startsWith("min") ? "min" : wrong.field();
                if (field.equals("key") && typed.text(at + "question").isEmpty()) {
                    field = "question";
                    typed.wrong(at + field, "is empty, need up to 300 characters");
                }
                typed.wrong(
                        at + field,
                        field.equals("key")
                                ? "got \"" + taskKey(i) + "\", need 1 to 30 of a-z, 0-9, dash and underscore"
                                : wrong.need());
            }
        }
        return tasks;
    }

    private String kind(int task) {
        String kind = typed.text("task." + task + ".kind");
        return kind.isEmpty() ? Task.Kind.CHOICE.key() : kind;
    }

    private String taskKey(int task) {
        String key = typed.text("task." + task + ".key");
        return key.isEmpty() ? Typed.key(typed.text("task." + task + ".question"), LONGEST_KEY) : key;
    }

    /** Rows of answers; those that are not there are left out. */
    private Set<Integer> after(int task) {
        int rows = answers();
        return typed.all("task." + task + ".after").stream()
                .filter(row -> row.matches("\\d{1,2}"))
                .map(Integer::parseInt)
                .filter(row -> row < rows)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOptions(Task.Kind kind) {
        return kind == Task.Kind.CHOICE || kind == Task.Kind.MULTIPLE;
    }

    private static boolean isMany(Task.Kind kind) {
        return kind != Task.Kind.CHOICE && kind != Task.Kind.SLIDER;
    }

    /** Null where nothing was typed, or no number: then it is wrong. */
    private @Nullable Double maybe(String name) {
        if (typed.text(name).isEmpty()) {
            return null;
        }
        double number = typed.number(name);
        return Double.isNaN(number) ? null : number;
    }

    /** One option a line: a label, or {@code key | label | help}; a bar, another line or a backslash within one has a backslash before it. */
    private List<AnswerOption> options(String name) {
        List<AnswerOption> options = new ArrayList<>();
        int line = 0;
        for (String text : typed.text(name).split("\n", -1)) {
            line++;
            if (!text.isBlank()) {
                String[] parts = text.strip().split("\\s*(?<!\\\\)\\|\\s*", 3);
                String label = typedAs(parts.length > 1 ? parts[1] : parts[0]);
                String key = parts.length > 1 ? parts[0] : Typed.key(label, LONGEST_KEY);
                try {
                    options.add(new AnswerOption(key, label, parts.length > 2 ? typedAs(parts[2]) : ""));
                } catch (IllegalArgumentException invalid) {
                    typed.wrong(
                            name,
                            "line " + line + ": got the key \"" + key
                                    + "\", need 1 to 30 of a-z, 0-9, dash and underscore");
                }
            }
        }
        return options;
    }

    private static String line(AnswerOption option) {
        String help = option.help().isEmpty() ? "" : " | " + inLine(option.help());
        return option.key() + " | " + inLine(option.label()) + help;
    }

    private static String inLine(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\r", "").replace("\n", "\\n");
    }

    private static String typedAs(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("n") ? "\n" : found.group(1)));
    }

    private Rules readRules() {
        Rules before = stored == null ? Rules.DEFAULT : stored.rules();
        int fewest = typed.whole("minVotes");
        int most = typed.whole("maxVotes");
        double gold = typed.number("goldShare");
        double exploration = typed.number("explorationShare");
        int lease = typed.whole("leaseMinutes");
        boolean readable = List.of("minVotes", "maxVotes", "goldShare", "explorationShare", "leaseMinutes").stream()
                .allMatch(name -> typed.error(name).isEmpty());
        if (!readable) {
            return before;
        }
        try {
            return before.with(fewest, most, gold, exploration, lease);
        } catch (WrongField wrong) {
            boolean shares = wrong.field().contains("+");
            typed.wrong(
                    shares ? "explorationShare" : wrong.field(),
                    shares ? "gold standards and exploration must leave something: together below 1" : wrong.need());
            return before;
        }
    }

    private @Nullable DecisionTree readTree() {
        String text = typed.text("tree", 0, LONGEST_TREE);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return json.readValue(text, DecisionTree.class);
        } catch (JsonProcessingException unreadable) {
            typed.wrong("tree", words(unreadable));
            return null;
        }
    }

    private static String words(JsonProcessingException unreadable) {
        JsonLocation at = unreadable.getLocation();
        String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        if (unreadable.getCause() instanceof IllegalArgumentException invalid) {
            return where + invalid.getMessage();
        }
        if (unreadable.getCause() instanceof JsonParseException syntax) {
            return words(syntax);
        }
        if (unreadable instanceof JsonMappingException mapping) {
            String path = mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                    .collect(Collectors.joining());
            return where + (path.isEmpty() ? "the tree" : path.replaceFirst("^\\.", ""))
                    + " is not what is needed here: see the example";
        }
        return where + unreadable.getOriginalMessage();
    }

    /** What the room says against it, beside the fields; 409 for what cannot become otherwise. */
    void wrong(Problem problem) {
        Map<String, Integer> rowOfKey = new HashMap<>();
        for (int i = 0; i < tasks(); i++) {
            rowOfKey.put("asks.tasks." + taskKey(i) + ".kind", i);
        }
        if (problem.errors().isEmpty()) {
            typed.wrong("question", problem.detail());
        }
        for (Problem.FieldError error : problem.errors()) {
            Integer row = rowOfKey.get(error.field());
            String field = error.field();
            if (row != null) {
                field = "task." + row + ".kind";
            } else if (field.startsWith("asks")) {
                field = error.message().startsWith("tree") ? "tree" : "tasks";
            } else if (field.startsWith("rules")) {
                field = "rules";
            }
            typed.wrong(field, error.message());
        }
    }

    // ---------------------------------------------------------------- showing

    int errors() {
        return typed.errors().size();
    }

    /** What is wrong with a part of the form rather than a field: "answers", "tasks", "rules"; empty if nothing. */
    String error(String part) {
        return typed.error(part);
    }

    private FormField shown(FormField field) {
        return field.in(typed, focus);
    }

    List<FormField> head() {
        List<FormField> fields = new ArrayList<>();
        fields.add(FormField.text(
                "question",
                "Question",
                typed.text("question"),
                500,
                "What people are asked about each candidate, such as: Did something really change here?"));
        fields.add(FormField.text(
                "title", "Title", typed.text("title"), 120, "A short name for lists, such as: Real or bogus"));
        if (stored == null) {
            fields.add(
                    FormField.text(
                            "slug",
                            "Address",
                            typed.error("slug").isEmpty() ? typed.text("slug") : slug(),
                            63,
                            "Its name in exports, of a-z, 0-9 and dashes. Left empty, it is made from the title. It stays for good."));
        }
        return fields.stream().map(this::shown).toList();
    }

    List<AnswerRow> answerRows() {
        int rows = answers();
        return IntStream.range(0, rows)
                .mapToObj(i -> {
                    String at = "answer." + i + ".";
                    return new AnswerRow(
                            i + 1,
                            List.of(
                                    shown(FormField.text(
                                            at + "label",
                                            "On the button",
                                            typed.text(at + "label"),
                                            120,
                                            i == 0 ? "The first answer is the one you are looking for." : "")),
                                    shown(FormField.text(
                                                    at + "key",
                                                    "Key",
                                                    typed.text(at + "key"),
                                                    LONGEST_KEY,
                                                    stored == null
                                                            ? "In exports. Left empty, it is made from the label."
                                                            : "It stays for good.")
                                            .fixed(stored != null)),
                                    shown(FormField.tall(
                                            at + "help",
                                            "What tells it from the others",
                                            typed.text(at + "help"),
                                            1_000,
                                            ""))),
                            stored == null && rows > 2);
                })
                .toList();
    }

    boolean mayAddAnswers() {
        return stored == null && answers() < MOST_ANSWERS;
    }

    boolean mayAddTasks() {
        return tasks() < MOST_TASKS;
    }

    List<TaskRow> taskRows() {
        return IntStream.range(0, tasks()).mapToObj(this::taskRow).toList();
    }

    private TaskRow taskRow(int i) {
        String at = "task." + i + ".";
        Set<Integer> after = after(i);
        List<After> answers = IntStream.range(0, answers())
                .mapToObj(row -> {
                    String label = typed.text("answer." + row + ".label");
                    return new After(row, label.isEmpty() ? "Answer " + (row + 1) : label, after.contains(row));
                })
                .toList();
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("choice", "One of several options");
        kinds.put("multiple", "Several of several options");
        kinds.put("points", "Places on the images");
        kinds.put("boxes", "Rectangles on the images");
        kinds.put("slider", "A number between two ends");
        kinds.put("tags", "Words of their own");
        return new TaskRow(
                i + 1,
                "task." + i,
                shown(FormField.text(at + "question", "Question", typed.text(at + "question"), 300, "")),
                shown(FormField.text(
                        at + "key",
                        "Key",
                        typed.text(at + "key"),
                        LONGEST_KEY,
                        "In exports. Left empty, it is made from the question.")),
                shown(FormField.tall(at + "help", "Help", typed.text(at + "help"), 500, "May stay empty.")),
                kinds.entrySet().stream()
                        .map(kind -> new Kind(
                                kind.getKey(), kind.getValue(), kind.getKey().equals(kind(i))))
                        .toList(),
                typed.error(at + "kind"),
                answers,
                shown(FormField.tall(
                        at + "options",
                        "Options, one a line",
                        typed.text(at + "options"),
                        4_000,
                        "A label, or key | label | help. 2 to 12 of them.")),
                shown(FormField.number(at + "most", "At most so many", typed.text(at + "most"), "1 to 20; usually 10")),
                List.of(
                        shown(FormField.number(at + "min", "From", typed.text(at + "min"), "usually 0")),
                        shown(FormField.number(at + "max", "To", typed.text(at + "max"), "usually 1")),
                        shown(FormField.number(
                                at + "step", "By steps of", typed.text(at + "step"), "usually a hundredth")),
                        shown(FormField.text(at + "unit", "Unit", typed.text(at + "unit"), 20, "may stay empty"))));
    }

    FormField tree() {
        return shown(FormField.code(
                "tree",
                "Decision tree, as JSON",
                typed.text("tree"),
                LONGEST_TREE,
                "Left empty, the answers stand side by side."));
    }

    /** A tree that fits the answers as they are typed. */
    String treeExample() {
        List<String> keys = IntStream.range(0, answers())
                .mapToObj(this::answerKey)
                .filter(key -> !key.isEmpty())
                .toList();
        String first = keys.isEmpty() ? "real" : keys.get(0);
        String last = keys.size() < 2 ? "bogus" : keys.get(keys.size() - 1);
        return "{\"question\": \"Is anything at the centre of the difference?\", \"branches\": [\n"
                + "  {\"label\": \"No\", \"answer\": \"" + last + "\"},\n"
                + "  {\"label\": \"Yes\", \"next\": {\"question\": \"Is it as round as the stars?\", \"branches\": [\n"
                + "    {\"label\": \"Round\", \"answer\": \"" + first + "\"},\n"
                + "    {\"label\": \"Sharp or long\", \"answer\": \"" + last + "\"}]}}]}";
    }

    List<FormField> ruleFields() {
        return List.of(
                        FormField.number(
                                "minVotes",
                                "Votes at least",
                                typed.text("minVotes"),
                                "However sure the consensus is, a candidate is shown to so many people. Usually 2."),
                        FormField.number(
                                "maxVotes",
                                "Votes at most",
                                typed.text("maxVotes"),
                                "After so many a candidate leaves the queue, as ambiguous if they disagree. Usually 10."),
                        FormField.number(
                                "goldShare",
                                "Share of gold standards",
                                typed.text("goldShare"),
                                "Candidates whose class is known teach whom to trust. 0 to 1, usually 0.08."),
                        FormField.number(
                                "explorationShare",
                                "Share of exploration",
                                typed.text("explorationShare"),
                                "Drawn evenly from a fixed sample: it is what honest completeness and purity cost. 0 to 1, usually 0.15."),
                        FormField.number(
                                "leaseMinutes",
                                "Minutes that a candidate is kept for somebody",
                                typed.text("leaseMinutes"),
                                "Then others may have it. Usually 10."))
                .stream()
                .map(this::shown)
                .toList();
    }
}
