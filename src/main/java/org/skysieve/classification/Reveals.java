package org.skysieve.classification;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/**
 * Who has been shown the truth of which gold standard. A gold standard measures people only while they do not know it:
 * an answer that somebody gives after they were shown it is kept in the log as {@code informed} and counts as evidence of
 * nothing, be it a first answer, an edit or a withdrawal. What they had answered before goes on counting.
 *
 * <p>Every page and resource that shows somebody the class of a gold standard notes it here first.
 */
@ApplicationScoped
public class Reveals {
    private final Sql sql;
    private final Clock clock;

    Reveals(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Notes that somebody is about to be shown what is known of candidates; those that are no gold standards of the workflow
     * need no note. Doing it again changes nothing.
     */
    public void note(long workflowId, long volunteerId, Collection<Long> candidateIds) {
        if (candidateIds.isEmpty()) {
            return;
        }
        sql.update(
                "INSERT INTO gold_reveal (workflow_id, volunteer_id, candidate_id, revealed_at)"
                        + " SELECT g.workflow_id, ?::bigint, g.candidate_id, ?::timestamptz FROM gold_standard g"
                        + " WHERE g.workflow_id = ? AND g.candidate_id = ANY(?) ORDER BY g.candidate_id"
                        + " ON CONFLICT DO NOTHING",
                volunteerId,
                clock.instant(),
                workflowId,
                candidateIds);
    }

    /** A gold standard that somebody was shown. */
    public record Shown(long workflowId, long candidateId, Instant at) {}

    /** All that somebody was shown, the newest 5,000 first. */
    public List<Shown> of(long volunteerId) {
        return sql.query(
                "SELECT workflow_id, candidate_id, revealed_at FROM gold_reveal WHERE volunteer_id = ?"
                        + " ORDER BY revealed_at DESC, candidate_id LIMIT 5000",
                row -> new Shown(
                        row.getLong("workflow_id"), row.getLong("candidate_id"), Sql.instant(row, "revealed_at")),
                volunteerId);
    }

    /** Whether somebody has been shown the truth of a gold standard. */
    public boolean shown(long workflowId, long volunteerId, long candidateId) {
        return sql.first(
                        "SELECT 1 FROM gold_reveal WHERE workflow_id = ? AND volunteer_id = ? AND candidate_id = ?",
                        row -> true,
                        workflowId,
                        volunteerId,
                        candidateId)
                .isPresent();
    }
}
