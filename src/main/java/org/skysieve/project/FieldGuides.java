package org.skysieve.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * The field guide of a workflow, a text and examples for each class, and its tutorial. An example is seen by everybody, so
 * it is no test any more: {@link GoldStandards#hidden} leaves it out.
 */
@ApplicationScoped
public class FieldGuides {
    /** Examples of one class. */
    public static final int MOST_EXAMPLES = 12;

    public static final int MOST_STEPS = 12;

    static final int MAX_TEXT = 5000;
    static final int MAX_CAPTION = 300;
    static final int MAX_TITLE = 120;
    static final int MAX_STEP = 3000;

    private final Sql sql;

    FieldGuides(Sql sql) {
        this.sql = sql;
    }

    /** An entry for every class, in the order of the answers; without a text or examples where nothing was written. */
    public List<GuideEntry> of(WorkflowView workflow) {
        Map<Integer, String> texts = new HashMap<>();
        sql.query(
                "SELECT answer, body FROM guide_entry WHERE workflow_id = ?",
                row -> texts.put(row.getInt("answer"), row.getString("body")) == null,
                workflow.id());
        Map<Integer, List<GuideExample>> examples = new HashMap<>();
        sql.query(
                "SELECT answer, candidate_id, caption FROM guide_example WHERE workflow_id = ? ORDER BY answer, position",
                row -> examples.computeIfAbsent(row.getInt("answer"), unused -> new ArrayList<>())
                        .add(new GuideExample(row.getLong("candidate_id"), row.getString("caption"))),
                workflow.id());
        List<GuideEntry> entries = new ArrayList<>();
        for (int i = 0; i < workflow.classes(); i++) {
            entries.add(new GuideEntry(
                    workflow.answers().get(i).key(), texts.getOrDefault(i, ""), examples.getOrDefault(i, List.of())));
        }
        return entries;
    }

    /** The first examples, those of the first class before all: what the workflow is looking for, most often. */
    public List<Long> examples(long workflowId, int limit) {
        return sql.query(
                "SELECT candidate_id FROM guide_example WHERE workflow_id = ? ORDER BY answer, position LIMIT ?",
                row -> row.getLong("candidate_id"),
                workflowId,
                limit);
    }

    /**
     * Writes the whole guide anew. The caller has checked that the examples are candidates of the project, and settled.
     *
     * @throws Problem 400 for an unknown or repeated class, a text or caption that is too long, too many examples, or a
     *     candidate named twice
     */
    @Transactional
    public void write(WorkflowView workflow, List<GuideEntry> entries) {
        sql.update("DELETE FROM guide_entry WHERE workflow_id = ?", workflow.id());
        sql.update("DELETE FROM guide_example WHERE workflow_id = ?", workflow.id());
        boolean[] written = new boolean[workflow.classes()];
        for (GuideEntry entry : entries) {
            int answer = workflow.answerOf(entry.answer()).orElse(-1);
            if (answer < 0 || written[answer]) {
                throw Problem.badField(
                        "entries", "got \"" + entry.answer() + "\", need each of the workflow's answers at most once");
            }
            written[answer] = true;
            String text = Slug.text("text", entry.text(), 0, MAX_TEXT);
            if (!text.isEmpty()) {
                sql.update(
                        "INSERT INTO guide_entry (workflow_id, answer, body) VALUES (?, ?, ?)",
                        workflow.id(),
                        answer,
                        text);
            }
            if (entry.examples().size() > MOST_EXAMPLES) {
                throw Problem.badField(
                        "examples", "got " + entry.examples().size() + ", need at most " + MOST_EXAMPLES);
            }
            int position = 0;
            for (GuideExample example : entry.examples()) {
                int rows = sql.update(
                        "INSERT INTO guide_example (workflow_id, candidate_id, answer, position, caption)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        workflow.id(),
                        example.candidateId(),
                        answer,
                        position++,
                        Slug.text("caption", example.caption(), 0, MAX_CAPTION));
                if (rows == 0) {
                    throw Problem.badField("examples", "candidate " + example.candidateId() + " is named twice");
                }
            }
        }
    }

    /** The steps in order; none where there is no tutorial. */
    public List<TutorialStep> tutorial(long workflowId) {
        return sql.query(
                "SELECT title, body, candidate_id FROM tutorial_step WHERE workflow_id = ? ORDER BY position",
                row -> new TutorialStep(
                        row.getString("title"), row.getString("body"), Sql.longOrNull(row, "candidate_id")),
                workflowId);
    }

    /** Whether a workflow has a tutorial. */
    public boolean hasTutorial(long workflowId) {
        return sql.first("SELECT 1 FROM tutorial_step WHERE workflow_id = ? LIMIT 1", row -> true, workflowId)
                .isPresent();
    }

    /**
     * Writes the whole tutorial anew; no steps take it away.
     *
     * @throws Problem 400 for too many steps, or one without a title or with too long a text
     */
    @Transactional
    public void writeTutorial(long workflowId, List<TutorialStep> steps) {
        if (steps.size() > MOST_STEPS) {
            throw Problem.badField("steps", "got " + steps.size() + ", need at most " + MOST_STEPS);
        }
        sql.update("DELETE FROM tutorial_step WHERE workflow_id = ?", workflowId);
        int position = 0;
        for (TutorialStep step : steps) {
            sql.update(
                    "INSERT INTO tutorial_step (workflow_id, position, title, body, candidate_id) VALUES (?, ?, ?, ?, ?)",
                    workflowId,
                    position++,
                    Slug.text("title", step.title(), 1, MAX_TITLE),
                    Slug.text("text", step.text(), 0, MAX_STEP),
                    step.candidateId());
        }
    }
}
