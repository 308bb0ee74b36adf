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
