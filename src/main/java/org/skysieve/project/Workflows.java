package org.skysieve.project;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.PriorityExpression;
import org.skysieve.engine.select.PriorityFields;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.platform.SqlFailure;

/** The door to workflows. Versions are immutable; views show the newest unless a version is asked for. */
@ApplicationScoped
public class Workflows {
    private static final int MAX_CLASSES = 12;

    private static final List<String> REAL_BOGUS = List.of("real", "bogus");

    private static final String SELECT = "SELECT w.id, w.project_id, p.slug AS project_slug, w.slug, w.title,"
            + " v.version, v.question, v.answers::text AS answers, v.rules::text AS rules, w.active,"
            + " v.asks::text AS asks, p.language"
            + " FROM workflow w JOIN project p ON p.id = w.project_id"
            + " JOIN workflow_version v ON v.workflow_id = w.id";
    private static final String NEWEST = " AND v.version = w.version";
    private static final TypeReference<List<AnswerOption>> ANSWERS = new TypeReference<>() {};
    /** As many versions' JSON as are remembered parsed: nearly every request asks for the same few. */
    private static final int MOST_PARSED = 1000;

    private final Sql sql;
    private final Outbox outbox;
    private final ObjectMapper json;
    private final Map<String, Rules> parsedRules = new ConcurrentHashMap<>();
    private final Map<String, List<AnswerOption>> parsedAnswers = new ConcurrentHashMap<>();
    private final Map<String, Asks> parsedAsks = new ConcurrentHashMap<>();

    Workflows(Sql sql, Outbox outbox, ObjectMapper json) {
        this.sql = sql;
        this.outbox = outbox;
        this.json = json;
    }

    public Optional<WorkflowView> find(long id) {
        return sql.first(SELECT + NEWEST + " WHERE w.id = ?", this::view, id);
    }

    /**
     * The workflow of that id.
     *
     * @throws Problem 404 without one
     */
    public WorkflowView byId(long id) {
        return find(id).orElseThrow(() -> Problem.notFound("no workflow " + id));
    }

    /** One version of a workflow. */
    public Optional<WorkflowView> version(long id, int version) {
        return sql.first(SELECT + " WHERE w.id = ? AND v.version = ?", this::view, id, version);
    }

    /** All workflows of a project, the oldest first, also those not active. */
    public List<WorkflowView> ofProject(long projectId) {
        return sql.query(SELECT + NEWEST + " WHERE w.project_id = ? ORDER BY w.id", this::view, projectId);
    }

    /** The oldest active workflow of a project: what its page offers. */
    public Optional<WorkflowView> firstActive(long projectId) {
        return ofProject(projectId).stream().filter(WorkflowView::active).findFirst();
    }

    /**
     * As {@link #firstActive}, for pages that are nothing without it.
     *
     * @throws Problem 404 without one
     */
    public WorkflowView asked(ProjectView project) {
        return firstActive(project.id())
                .orElseThrow(
                        () -> Problem.notFound("the project " + project.slug() + " asks no question at the moment"));
    }

    /** All active workflows of all projects, the oldest first. */
    public List<WorkflowView> active() {
        return sql.query(SELECT + NEWEST + " WHERE w.active ORDER BY w.id", this::view);
    }

    /** As {@link #create(long, String, String, String, List, Rules, Asks)}, with nothing else to ask. */
    @Transactional
    public WorkflowView create(
            long projectId, String slug, String title, String question, List<AnswerOption> answers, Rules rules) {
        return create(projectId, slug, title, question, answers, rules, Asks.NOTHING_ELSE);
    }

    /**
     * Creates version 1 of a workflow and tells the other rooms ({@link WorkflowCreated}).
     *
     * @param answers 2..12 with distinct keys; the first is the positive class
     * @throws Problem 400 for a value out of range, 404 without the project, 409 for a slug that is taken
     */
    @Transactional
    public WorkflowView create(
            long projectId,
            String slug,
            String title,
            String question,
            List<AnswerOption> answers,
            Rules rules,
            Asks asks) {
        checkAnswers(answers);
        checkAsks(answers, asks);
        checkRetirement(answers, rules);
        checkModelKind(answers, rules);
        checkMix(answers, rules);
        if (sql.query("SELECT 1 FROM project WHERE id = ?", row -> 1, projectId).isEmpty()) {
            throw Problem.notFound("no project " + projectId);
        }
        long id;
        try {
            id = sql.one(
                    "INSERT INTO workflow (project_id, slug, title) VALUES (?, ?, ?) RETURNING id",
                    row -> row.getLong(1),
                    projectId,
                    Slug.check(slug),
                    Slug.text("title", title, 1, 120));
        } catch (SqlFailure e) {
            if (e.isUniqueViolation()) {
                throw Problem.conflict("slug", "the project already has a workflow \"" + slug + "\"");
            }
            throw e;
        }
        insertVersion(id, 1, question, answers, rules, asks);
        outbox.publish(new WorkflowCreated(id, projectId));
        return byId(id);
    }

    /** As {@link #newVersion(long, String, List, Rules, Asks)}, asking as before. */
    @Transactional
    public WorkflowView newVersion(long workflowId, String question, List<AnswerOption> answers, Rules rules) {
        return newVersion(workflowId, question, answers, rules, byId(workflowId).asks());
    }

    /**
     * Adds a version with another wording or other rules, and tells the other rooms ({@link RulesChanged}); open work
     * goes on under it.
     *
     * @param answers the same keys in the same order: the classes of a workflow never change
     * @throws Problem 400 for a value out of range, 404 without the workflow, 409 for other classes, or a task that becomes one
     *     of another kind
     */
    @Transactional
    public WorkflowView newVersion(
            long workflowId, String question, List<AnswerOption> answers, Rules rules, Asks asks) {
        return newVersion(workflowId, OptionalInt.empty(), question, answers, rules, asks);
    }

    /**
     * As {@link #newVersion(long, String, List, Rules, Asks)}, if the newest version is still the one that was read.
     *
     * @param read the version that the caller has seen; empty for whatever there is
     * @throws Problem as there, and 409 with the field {@code version} where somebody has saved another meanwhile
     */
    @Transactional
    public WorkflowView newVersion(
            long workflowId, OptionalInt read, String question, List<AnswerOption> answers, Rules rules, Asks asks) {
        checkAnswers(answers);
        checkAsks(answers, asks);
        checkRetirement(answers, rules);
        checkModelKind(answers, rules);
        checkMix(answers, rules);
        // The row lock makes concurrent versions queue up instead of failing on the same number.
        sql.query("SELECT 1 FROM workflow WHERE id = ? FOR NO KEY UPDATE", row -> 1, workflowId);
        WorkflowView old = byId(workflowId);
        if (read.isPresent() && read.getAsInt() != old.version()) {
            throw Problem.conflict(
                    "version", "version: got " + read.getAsInt() + ", the newest is " + old.version() + " meanwhile");
        }
        List<String> keys = keys(answers);
        if (!keys.equals(keys(old.answers()))) {
            throw Problem.conflict(
                    "answers",
                    "answers: got " + keys + ", need " + keys(old.answers()) + "; other classes are another workflow");
        }
        checkKinds(old.asks(), asks);
        int version = old.version() + 1;
        insertVersion(workflowId, version, question, answers, rules, asks);
        sql.update("UPDATE workflow SET version = ? WHERE id = ?", version, workflowId);
        outbox.publish(new RulesChanged(workflowId, version));
        return byId(workflowId);
    }

    /**
     * The rules that a workflow would have with another retirement.
     *
     * @throws Problem 400 for a value out of range, or for an answer that the workflow does not have
     */
    public Rules rulesWith(WorkflowView workflow, RetirementChange change) {
        try {
            Rules rules = change.of(workflow.rules());
            checkRetirement(workflow.answers(), rules);
            return rules;
        } catch (IllegalArgumentException invalid) {
            throw Problem.badRequest("" + invalid.getMessage());
        }
    }

    /**
     * Adds a version that retires otherwise; without any difference there is none.
     *
     * @return the newest version
     * @throws Problem 400 as {@link #rulesWith}, 404 without the workflow
     */
    @Transactional
    public WorkflowView retire(long workflowId, RetirementChange change) {
        sql.query("SELECT 1 FROM workflow WHERE id = ? FOR NO KEY UPDATE", row -> 1, workflowId);
        WorkflowView old = byId(workflowId);
        Rules rules = rulesWith(old, change);
        return rules.equals(old.rules()) ? old : newVersion(workflowId, old.question(), old.answers(), rules);
    }

    /**
     * The rules that a workflow would have with another selection.
     *
     * @throws Problem 400 for a value out of range, or an expression that cannot be read
     */
    public Rules rulesWith(WorkflowView workflow, SelectionChange change) {
        try {
            Rules rules = change.of(workflow.rules());
            checkMix(workflow.answers(), rules);
            return rules;
        } catch (IllegalArgumentException invalid) {
            throw Problem.badRequest("" + invalid.getMessage());
        }
    }

    /**
     * Adds a version that selects otherwise; without any difference there is none.
     *
     * @return the newest version
     * @throws Problem 400 as {@link #rulesWith(WorkflowView, SelectionChange)}, 404 without the workflow
     */
    @Transactional
    public WorkflowView select(long workflowId, SelectionChange change) {
        sql.query("SELECT 1 FROM workflow WHERE id = ? FOR NO KEY UPDATE", row -> 1, workflowId);
        WorkflowView old = byId(workflowId);
        Rules rules = rulesWith(old, change);
        return rules.equals(old.rules()) ? old : newVersion(workflowId, old.question(), old.answers(), rules);
    }

    /**
     * What pages call it; it counts for nothing, so that no version is made of it.
     *
     * @throws Problem 400 for a title out of range, 404 without the workflow
     */
    @Transactional
    public WorkflowView rename(long workflowId, String title) {
        sql.update("UPDATE workflow SET title = ? WHERE id = ?", Slug.text("title", title, 1, 120), workflowId);
        return byId(workflowId);
    }

    /**
     * Opens a workflow to volunteers or closes it: a closed one serves nobody and is not trained on. What somebody holds
     * already is still taken.
     *
     * @throws Problem 404 without the workflow
     */
    @Transactional
    public WorkflowView open(long workflowId, boolean active) {
        sql.update("UPDATE workflow SET active = ? WHERE id = ?", active, workflowId);
        return byId(workflowId);
    }

    /**
     * The workflow of that slug.
     *
     * @throws Problem 404 without one
     */
    public WorkflowView bySlug(ProjectView project, String slug) {
        return ofProject(project.id()).stream()
                .filter(one -> one.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("no workflow \"" + slug + "\" in " + project.slug()));
    }

    private void insertVersion(
            long id, int version, String question, List<AnswerOption> answers, Rules rules, Asks asks) {
        sql.update(
                "INSERT INTO workflow_version (workflow_id, version, question, answers, rules, asks)"
                        + " VALUES (?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb)",
                id,
                version,
                Slug.text("question", question, 1, 500),
                write(answers),
                write(rules),
                write(asks));
    }

    private static List<String> keys(List<AnswerOption> answers) {
        return answers.stream().map(AnswerOption::key).toList();
    }

    private static void checkAnswers(@Nullable List<AnswerOption> answers) {
        int count = answers == null ? 0 : answers.size();
        if (answers == null || count < 2 || count > MAX_CLASSES) {
            throw Problem.badField("answers", "got " + count + ", need 2.." + MAX_CLASSES);
        }
        Set<String> keys = new HashSet<>(keys(answers));
        if (keys.size() != count) {
            throw Problem.badField("answers", "got keys " + keys(answers) + ", need distinct ones");
        }
    }

    private static void checkAsks(List<AnswerOption> answers, Asks asks) {
        try {
            asks.check(keys(answers));
        } catch (IllegalArgumentException invalid) {
            throw Problem.badField("asks", "" + invalid.getMessage());
        }
    }

    /** Summaries put the values of all versions together. */
    private static void checkKinds(Asks old, Asks asks) {
        for (Task task : asks.tasks()) {
            for (Task before : old.tasks()) {
                if (before.key().equals(task.key()) && before.kind() != task.kind()) {
                    throw Problem.conflict(
                            "asks.tasks." + task.key() + ".kind",
                            "asks: task \"" + task.key() + "\" was "
                                    + before.kind().key() + " and cannot become "
                                    + task.kind().key() + ": give the other one a key of its own");
                }
            }
        }
    }

    private static void checkRetirement(List<AnswerOption> answers, Rules rules) {
        for (String named : rules.retirement().answers()) {
            if (!keys(answers).contains(named)) {
                throw Problem.badField(
                        "rules.retirement", "got answer \"" + named + "\", need one of " + keys(answers));
            }
        }
    }

    /** Nets begin with the one of the simulated survey, which knows these two answers. */
    private static void checkModelKind(List<AnswerOption> answers, Rules rules) {
        if (rules.modelKind() == ModelKind.NET && !keys(answers).equals(REAL_BOGUS)) {
            throw Problem.badField(
                    "rules.modelKind", "got net for the answers " + keys(answers) + ", need " + REAL_BOGUS);
        }
    }

    private static void checkMix(List<AnswerOption> answers, Rules rules) {
        for (RankedStrategy each : rules.mix()) {
            if (each.expression() != null) {
                try {
                    PriorityExpression.parse(each.expression(), PriorityFields.types(keys(answers)));
                } catch (IllegalArgumentException unreadable) {
                    throw Problem.badField("rules.mix.expression", "" + unreadable.getMessage());
                }
            }
        }
    }

    private WorkflowView view(ResultSet row) throws SQLException {
        try {
            return new WorkflowView(
                    row.getLong("id"),
                    row.getLong("project_id"),
                    row.getString("project_slug"),
                    row.getString("slug"),
                    row.getString("title"),
                    row.getInt("version"),
                    row.getString("question"),
                    answers(row.getString("answers")),
                    rules(row.getString("rules")),
                    row.getBoolean("active"),
                    asks(row.getString("asks")),
                    row.getString("language"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "workflow " + row.getLong("id") + ": unreadable answers, rules or tasks", e);
        }
    }

    private List<AnswerOption> answers(String text) throws JsonProcessingException {
        List<AnswerOption> known = parsedAnswers.get(text);
        return known == null ? remember(parsedAnswers, text, List.copyOf(json.readValue(text, ANSWERS))) : known;
    }

    private Rules rules(String text) throws JsonProcessingException {
        Rules known = parsedRules.get(text);
        return known == null ? remember(parsedRules, text, json.readValue(text, Rules.class)) : known;
    }

    private Asks asks(String text) throws JsonProcessingException {
        Asks known = parsedAsks.get(text);
        return known == null ? remember(parsedAsks, text, json.readValue(text, Asks.class)) : known;
    }

    private static <T> T remember(Map<String, T> parsed, String text, T value) {
        if (parsed.size() >= MOST_PARSED) {
            parsed.clear();
        }
        parsed.put(text, value);
        return value;
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value + " as JSON", e);
        }
    }
}
