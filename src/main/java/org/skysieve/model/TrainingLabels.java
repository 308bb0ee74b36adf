package org.skysieve.model;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/** The labels that came over the channel: one a candidate and workflow, the newest. */
@ApplicationScoped
class TrainingLabels {
    private final Sql sql;
    private final Clock clock;

    TrainingLabels(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @param evaluation whether the candidate belongs to the frozen sample that no model learns from */
    record Labelled(long candidateId, long skyObjectId, double[] target, String source, boolean evaluation) {}

    /**
     * Takes a message in; the same message again changes nothing.
     *
     * @return whether anything changed
     */
    boolean take(ConsensusLabel label) {
        if (label.withdrawn()) {
            return sql.update(
                            "DELETE FROM training_label WHERE workflow_id = ? AND candidate_id = ? AND source = ?",
                            label.workflowId(),
                            label.candidateId(),
                            label.source())
                    > 0;
        }
        double[] target =
                label.target().stream().mapToDouble(Double::doubleValue).toArray();
        return sql.update(
                        "INSERT INTO training_label (workflow_id, candidate_id, target, source, received_at)"
                                + " SELECT ?, c.id, ?, ?, ? FROM candidate c WHERE c.id = ?"
                                + " ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET target = excluded.target,"
                                + " source = excluded.source, received_at = excluded.received_at"
                                + " WHERE (training_label.source <> 'gold' OR excluded.source = 'gold')"
                                + " AND (training_label.target, training_label.source)"
                                + " IS DISTINCT FROM (excluded.target, excluded.source)",
                        label.workflowId(),
                        target,
                        label.source(),
                        clock.instant(),
                        label.candidateId())
                > 0;
    }

    /** Labels received after a time; all without one. */
    int countSince(long workflowId, Optional<Instant> since) {
        return sql.one(
                "SELECT count(*) FROM training_label WHERE workflow_id = ? AND received_at > ?",
                row -> row.getInt(1),
                workflowId,
                since.orElse(Instant.EPOCH));
    }

    /** The newest labels, in the order of candidates: of the evaluation sample, or of all others. */
    List<Labelled> newest(long workflowId, boolean evaluation, int limit) {
        return sql.query(
                "SELECT * FROM (SELECT l.candidate_id, c.sky_object_id, l.target, l.source, c.evaluation"
                        + " FROM training_label l JOIN candidate c ON c.id = l.candidate_id"
                        + " WHERE l.workflow_id = ? AND c.evaluation = ? ORDER BY l.received_at DESC, l.candidate_id"
                        + " LIMIT ?) newest ORDER BY candidate_id",
                row -> new Labelled(
                        row.getLong("candidate_id"),
                        row.getLong("sky_object_id"),
                        Sql.doubles(row, "target"),
                        row.getString("source"),
                        row.getBoolean("evaluation")),
                workflowId,
                evaluation,
                limit);
    }
}
