package org.skysieve.project;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** The door to candidates whose class is known. Shown to volunteers only after they have answered, or in practice. */
@ApplicationScoped
public class GoldStandards {
    /** Characters of a note. */
    public static final int MAX_NOTE = 500;

    private final Sql sql;
    private final Workflows workflows;
    private final Outbox outbox;

    GoldStandards(Sql sql, Workflows workflows, Outbox outbox) {
        this.sql = sql;
        this.workflows = workflows;
        this.outbox = outbox;
    }

    /**
     * Sets or changes the class of one candidate; publishes {@link GoldStandardSet} unless it was that already.
     *
     * @param answer the class, an index into the workflow's answers
     * @param source who says so, such as "vetted by a scientist" or a catalogue, 1..200 characters
     * @return whether anything changed
     * @throws Problem 400 for an answer out of range, 404 without the workflow
     */
    @Transactional
    public boolean set(long workflowId, long candidateId, int answer, String source, OptionalLong setBy) {
        return setAll(workflowId, Map.of(candidateId, answer), source, setBy) > 0;
    }

    /**
     * Sets many at once, in one transaction: the same as {@link #set} for each.
     *
     * @param answers class by candidate
     * @return how many changed
     */
    @Transactional
    public int setAll(long workflowId, Map<Long, Integer> answers, String source, OptionalLong setBy) {
        WorkflowView workflow = workflows.byId(workflowId);
        String checkedSource = Slug.text("source", source, 1, 200);
        @Nullable Long by = setBy.isPresent() ? setBy.getAsLong() : null;
        int changed = 0;
        for (Map.Entry<Long, Integer> entry : answers.entrySet()) {
            int answer = entry.getValue();
            if (answer < 0 || answer >= workflow.classes()) {
                throw Problem.badField("answer", "got class " + answer + ", need 0.." + (workflow.classes() - 1));
            }
            Optional<Integer> stored = sql.first(
                    "INSERT INTO gold_standard (workflow_id, candidate_id, answer, source, created_by)"
                            + " VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET answer = excluded.answer,"
                            + " source = excluded.source, created_by = excluded.created_by, created_at = now()"
                            + " WHERE gold_standard.answer <> excluded.answer RETURNING 1",
                    row -> 1,
                    workflowId,
                    entry.getKey(),
                    answer,
                    checkedSource,
                    by);
            if (stored.isPresent()) {
                outbox.publish(new GoldStandardSet(workflowId, entry.getKey(), answer));
                changed++;
            }
        }
        return changed;
    }

    /**
     * Says what tells the class of gold standards here, for people who have answered. Candidates that are none are left out.
     *
     * @param notes by candidate, each at most 500 characters; empty takes a note away
     */
    @Transactional
    public void annotate(long workflowId, Map<Long, String> notes) {
        for (Map.Entry<Long, String> entry : notes.entrySet()) {
            sql.update(
                    "UPDATE gold_standard SET note = ? WHERE workflow_id = ? AND candidate_id = ?",
                    Slug.text("note", entry.getValue(), 0, MAX_NOTE),
                    workflowId,
                    entry.getKey());
        }
    }

    /**
     * What is known of a gold standard.
     *
     * @param answer the class
     * @param note what tells it here; may be empty
     */
    public record Known(int answer, String note) {}

    /** What is known of a candidate, if it is a gold standard. */
    public Optional<Known> known(long workflowId, long candidateId) {
        return sql.first(
                "SELECT answer, note FROM gold_standard WHERE workflow_id = ? AND candidate_id = ?",
                row -> new Known(row.getInt("answer"), row.getString("note")),
                workflowId,
                candidateId);
    }

    /** The known class of a candidate. */
    public OptionalInt answer(long workflowId, long candidateId) {
        return sql.first(
                        "SELECT answer FROM gold_standard WHERE workflow_id = ? AND candidate_id = ?",
                        row -> OptionalInt.of(row.getInt(1)),
                        workflowId,
                        candidateId)
                .orElse(OptionalInt.empty());
    }

    /** All known classes of a workflow, by candidate. */
    public Map<Long, Integer> all(long workflowId) {
        Map<Long, Integer> all = new HashMap<>();
        sql.query(
                "SELECT candidate_id, answer FROM gold_standard WHERE workflow_id = ?",
                row -> all.put(row.getLong(1), row.getInt(2)) == null,
                workflowId);
        return all;
    }

    /** The gold standards that can measure people: those that no field guide shows as examples and no tutorial uses. */
    public Set<Long> hidden(long workflowId) {
        return new HashSet<>(sql.query(
                "SELECT candidate_id FROM gold_standard g WHERE workflow_id = ? AND NOT EXISTS (SELECT FROM guide_example e"
                        + " WHERE e.workflow_id = g.workflow_id AND e.candidate_id = g.candidate_id) AND NOT EXISTS (SELECT"
                        + " FROM tutorial_step t WHERE t.workflow_id = g.workflow_id AND t.candidate_id = g.candidate_id)",
                row -> row.getLong(1),
                workflowId));
    }

    /** How many a workflow has. */
    public int count(long workflowId) {
        return sql.one("SELECT count(*) FROM gold_standard WHERE workflow_id = ?", row -> row.getInt(1), workflowId);
    }
}
