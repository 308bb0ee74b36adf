package org.skysieve.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;
import org.skysieve.project.ModelKind;

/**
 * The table of training runs: {@code queued -> running -> promoted | rejected | reproduced | different | failed}.
 *
 * <p>A run is started under an advisory lock on its workflow that its process holds until it ends, so whoever gets the
 * lock knows that a run still marked as running belonged to a process that died.
 */
@ApplicationScoped
class TrainingRuns {
    static final String TRAINING = "training";
    static final String TRIAL = "trial";
    static final String REPRODUCTION = "reproduction";

    private static final int MOST_LISTED = 200;

    private final Sql sql;
    private final Clock clock;

    TrainingRuns(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Asks for a run; one that waits already serves for both. */
    @Transactional
    void request(long workflowId, String cause) {
        request(workflowId, TRAINING, null, null, cause);
    }

    /**
     * @param modelVersionId to be tried or made again; null for a training
     * @param modelKind what a training is to make; null for what the rules say
     */
    @Transactional
    void request(
            long workflowId, String kind, @Nullable Long modelVersionId, @Nullable ModelKind modelKind, String cause) {
        sql.update(
                "INSERT INTO training_run (workflow_id, kind, subject_id, model_kind, cause, state, requested_at)"
                        + " VALUES (?, ?, ?, ?, ?, 'queued', ?) ON CONFLICT DO NOTHING",
                workflowId,
                kind,
                modelVersionId,
                modelKind == null ? null : modelKind.key(),
                cause,
                clock.instant());
    }

    /** Runs of a workflow that wait. */
    int countWaiting(long workflowId) {
        return sql.one(
                "SELECT count(*) FROM training_run WHERE workflow_id = ? AND state = 'queued'",
                row -> row.getInt(1),
                workflowId);
    }

    /** The workflows with a waiting run, the longest waiting first. */
    List<Long> waiting() {
        return sql.query(
                "SELECT workflow_id FROM training_run WHERE state = 'queued' ORDER BY id LIMIT 100",
                row -> row.getLong(1));
    }

    /** When the newest training began or was asked for; also one that failed. */
    Optional<Instant> newest(long workflowId) {
        return sql.first(
                "SELECT coalesce(started_at, requested_at) AS since FROM training_run WHERE workflow_id = ?"
                        + " AND kind = 'training' ORDER BY id DESC LIMIT 1",
                row -> Sql.instant(row, "since"),
                workflowId);
    }

    /**
     * @param modelVersionId to be tried or made again; null for a training
     * @param modelKind what a training is to make; null for what the rules say
     */
    record Started(
            long id,
            String kind,
            @Nullable Long modelVersionId,
            @Nullable ModelKind modelKind) {}

    /** Starts the longest waiting run of a workflow, under its lock; marks one that a dead process left as failed. */
    @Transactional
    Optional<Started> start(long workflowId) {
        sql.update(
                "UPDATE training_run SET state = 'failed', message = 'its process ended', finished_at = ?"
                        + " WHERE workflow_id = ? AND state = 'running'",
                clock.instant(),
                workflowId);
        return sql.first(
                "UPDATE training_run SET state = 'running', started_at = ? WHERE id = (SELECT min(id) FROM training_run"
                        + " WHERE workflow_id = ? AND state = 'queued') RETURNING id, kind, subject_id, model_kind",
                row -> new Started(
                        row.getLong("id"), row.getString("kind"), Sql.longOrNull(row, "subject_id"), modelKind(row)),
                clock.instant(),
                workflowId);
    }

    @Transactional
    void finish(long runId, String state, int labels, String message, @Nullable Long modelVersionId) {
        sql.update(
                "UPDATE training_run SET state = ?, labels = ?, message = ?, model_version_id = ?, finished_at = ?"
                        + " WHERE id = ?",
                state,
                labels,
                message,
                modelVersionId,
                clock.instant(),
                runId);
    }

    /** The newest first. */
    List<TrainingRunView> list(long workflowId) {
        return sql.query(
                "SELECT * FROM training_run WHERE workflow_id = ? ORDER BY id DESC LIMIT " + MOST_LISTED,
                TrainingRuns::view,
                workflowId);
    }

    private static @Nullable ModelKind modelKind(ResultSet row) throws SQLException {
        String key = row.getString("model_kind");
        return key == null ? null : ModelKind.ofKey(key);
    }

    private static TrainingRunView view(ResultSet row) throws SQLException {
        return new TrainingRunView(
                row.getLong("id"),
                row.getLong("workflow_id"),
                row.getString("kind"),
                modelKind(row),
                row.getString("cause"),
                row.getString("state"),
                row.getInt("labels"),
                row.getString("message"),
                Sql.longOrNull(row, "model_version_id"),
                Sql.instant(row, "requested_at"),
                Sql.instantOrNull(row, "started_at"),
                Sql.instantOrNull(row, "finished_at"));
    }
}
