package org.skysieve.classification;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/**
 * Reads the classification log: every answer, edit and withdrawal ever given, in one final order for each workflow.
 *
 * <p>Rows become visible when their transaction commits, in any order; ids say nothing about that. So each row carries
 * its transaction's id, and {@link #after} yields only rows of transactions older than every one still running: below
 * that mark nothing can appear any more. What it has yielded is complete and never gets a new predecessor. A row shows
 * once all transactions that began to write before it have ended, usually within milliseconds.
 *
 * <p>Reads join the caller's transaction where there is one.
 */
@ApplicationScoped
public class ClassificationLog {
    private static final String COLUMNS = """
            SELECT l.written_by::text AS written_by, l.id, l.workflow_id, l.workflow_version, l.candidate_id,
                   l.volunteer_id, l.guest, l.answer, l.supersedes, l.model_probabilities, l.model_version_id, c.snr,
                   l.created_at, l.elapsed_ms, l.informed
            FROM classification l JOIN candidate c ON c.id = l.candidate_id
            """;
    private static final String AFTER = COLUMNS + """
            WHERE l.workflow_id = ? AND (l.written_by, l.id) > (?::text::xid8, ?)
              AND l.written_by < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY l.written_by, l.id LIMIT ?
            """;
    private static final String OF_CANDIDATE =
            COLUMNS + "WHERE l.candidate_id = ? AND l.workflow_id = ? ORDER BY l.written_by, l.id";
    private static final String BY_ID = COLUMNS + "WHERE l.id = ?";
    private static final String COUNT_AFTER =
            "SELECT count(*) FROM classification WHERE workflow_id = ? AND (written_by, id) > (?::text::xid8, ?)";
    private static final String HAS_CLASSIFIED =
            "SELECT 1 FROM classification WHERE volunteer_id = ? AND workflow_id = ? AND candidate_id = ?"
                    + " AND supersedes IS NULL";

    private final Sql sql;

    ClassificationLog(Sql sql) {
        this.sql = sql;
    }

    /**
     * The next entries of a workflow's log, in order.
     *
     * @param cursor the position of the last entry already seen, or {@link LogPosition#START}
     * @param limit the most to return, at least 1
     * @return empty when nothing new is final yet
     */
    public List<ClassificationRecorded> after(long workflowId, LogPosition cursor, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("log: got limit " + limit + ", need at least 1");
        }
        return sql.query(
                AFTER, ClassificationLog::entry, workflowId, Long.toString(cursor.writtenBy()), cursor.id(), limit);
    }

    /** All committed entries about one candidate in the log's order, the newest perhaps not yet in {@link #after}. */
    public List<ClassificationRecorded> ofCandidate(long workflowId, long candidateId) {
        return sql.query(OF_CANDIDATE, ClassificationLog::entry, candidateId, workflowId);
    }

    public Optional<ClassificationRecorded> find(long classificationId) {
        return sql.first(BY_ID, ClassificationLog::entry, classificationId);
    }

    /** How many committed entries a workflow's log has, edits and withdrawals included. */
    public long count(long workflowId) {
        return countAfter(workflowId, LogPosition.START);
    }

    /** How many committed entries a reader at this position has still to see, those not yet final included. */
    public long countAfter(long workflowId, LogPosition cursor) {
        return sql.one(COUNT_AFTER, row -> row.getLong(1), workflowId, Long.toString(cursor.writtenBy()), cursor.id());
    }

    /** Whether a volunteer has ever answered about a candidate, even if the answer was withdrawn since. */
    public boolean hasClassified(long workflowId, long candidateId, long volunteerId) {
        return sql.first(HAS_CLASSIFIED, row -> true, volunteerId, workflowId, candidateId)
                .isPresent();
    }

    private static ClassificationRecorded entry(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        return new ClassificationRecorded(
                new LogPosition(Long.parseLong(row.getString("written_by")), id),
                id,
                row.getLong("workflow_id"),
                row.getInt("workflow_version"),
                row.getLong("candidate_id"),
                row.getLong("volunteer_id"),
                row.getBoolean("guest"),
                Sql.intOrNull(row, "answer"),
                Sql.longOrNull(row, "supersedes"),
                Sql.floatsOrNull(row, "model_probabilities"),
                Sql.longOrNull(row, "model_version_id"),
                Sql.floatOrNaN(row, "snr"),
                Sql.instant(row, "created_at"),
                Sql.intOrNull(row, "elapsed_ms"),
                row.getBoolean("informed"));
    }
}
