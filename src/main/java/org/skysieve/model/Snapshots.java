package org.skysieve.model;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.model.TrainingLabels.Labelled;
import org.skysieve.platform.Sql;

/** Takes snapshots of the labels, and keeps them. */
@ApplicationScoped
class Snapshots {
    private final TrainingLabels labels;
    private final Sql sql;
    private final Clock clock;

    Snapshots(TrainingLabels labels, Sql sql, Clock clock) {
        this.labels = labels;
        this.sql = sql;
        this.clock = clock;
    }

    /** The newest labels as they are now. */
    Snapshot take(long workflowId, int most) {
        List<Labelled> evaluation = labels.newest(workflowId, true, most);
        return new Snapshot(labels.newest(workflowId, false, most), evaluation, explored(workflowId, evaluation));
    }

    /** Gold standards are chosen by somebody: only the crowd's labels are as exploration drew them. */
    private List<Long> explored(long workflowId, List<Labelled> evaluation) {
        Set<Long> crowd = new HashSet<>();
        for (Labelled label : evaluation) {
            if (label.source().equals(ConsensusLabel.CROWD)) {
                crowd.add(label.candidateId());
            }
        }
        return sql.query(
                "SELECT DISTINCT candidate_id FROM assignment WHERE workflow_id = ? AND strategy = 'exploration'"
                        + " AND candidate_id = ANY(?)",
                row -> row.getLong(1),
                workflowId,
                crowd);
    }

    /**
     * Of these candidates, those whose first vote came from a uniform draw from the queue: a random control of the others. It
     * never changes, since the log is append-only.
     */
    Set<Long> control(long workflowId, List<Long> candidateIds) {
        return new HashSet<>(sql.query("""
                SELECT wanted.id FROM unnest(?) AS wanted (id)
                JOIN LATERAL (SELECT c.assignment_id FROM classification c
                              WHERE c.candidate_id = wanted.id AND c.workflow_id = ? ORDER BY c.id LIMIT 1) AS first ON true
                JOIN assignment a ON a.id = first.assignment_id
                WHERE a.strategy = 'variety'
                """, row -> row.getLong(1), candidateIds, workflowId));
    }

    /** Stores a snapshot, unless the same one is there. */
    void keep(Snapshot snapshot) {
        sql.update(
                "INSERT INTO training_snapshot (hash, rows, content, created_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                snapshot.hash(),
                snapshot.size(),
                snapshot.write(),
                clock.instant());
    }

    Optional<Snapshot> find(String hash) {
        return sql.first("SELECT content FROM training_snapshot WHERE hash = ?", row -> row.getBytes(1), hash)
                .map(Snapshot::read);
    }
}
