package org.skysieve.model;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/** The labels that models may learn from, and those that judge them: the door for models of other groups. */
@ApplicationScoped
public class LabelFeed {
    private final Sql sql;

    LabelFeed(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param target P(class) by votes alone, or one-hot for a gold standard
     * @param source {@code crowd} or {@code gold}
     */
    public record Label(long candidateId, double[] target, String source, Instant receivedAt) {}

    /** @param skyObjectId rows of one object are not independent */
    public record Judged(long candidateId, long skyObjectId, double[] target) {}

    /** By candidate, rising; never of the frozen evaluation sample. */
    public List<Label> toLearn(long workflowId, long afterCandidateId, int limit) {
        return sql.query(
                "SELECT l.candidate_id, l.target, l.source, l.received_at FROM training_label l"
                        + " JOIN candidate c ON c.id = l.candidate_id WHERE l.workflow_id = ? AND l.candidate_id > ?"
                        + " AND NOT c.evaluation ORDER BY l.candidate_id LIMIT ?",
                row -> new Label(
                        row.getLong("candidate_id"),
                        Sql.doubles(row, "target"),
                        row.getString("source"),
                        Sql.instant(row, "received_at")),
                workflowId,
                afterCandidateId,
                limit);
    }

    /** The newest labels of the frozen evaluation sample, which no model ever learns from; by candidate. */
    public List<Judged> toJudge(long workflowId, int limit) {
        return sql.query(
                "SELECT * FROM (SELECT l.candidate_id, c.sky_object_id, l.target FROM training_label l"
                        + " JOIN candidate c ON c.id = l.candidate_id WHERE l.workflow_id = ? AND c.evaluation"
                        + " ORDER BY l.received_at DESC, l.candidate_id LIMIT ?) AS newest ORDER BY candidate_id",
                row -> new Judged(
                        row.getLong("candidate_id"), row.getLong("sky_object_id"), Sql.doubles(row, "target")),
                workflowId,
                limit);
    }
}
