package org.skysieve.learning;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/** Who has seen, or skipped, the tutorial of which workflow: it comes by itself once an account, not once a browser. */
@ApplicationScoped
public class TutorialsSeen {
    private static final int MOST = 1000;

    private final Sql sql;
    private final Clock clock;

    TutorialsSeen(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Somebody has seen it; the first time counts. */
    public void note(long workflowId, long volunteerId) {
        sql.update(
                "INSERT INTO tutorial_seen (volunteer_id, workflow_id, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                volunteerId,
                workflowId,
                clock.instant());
    }

    public boolean seen(long workflowId, long volunteerId) {
        return sql.first(
                        "SELECT 1 FROM tutorial_seen WHERE volunteer_id = ? AND workflow_id = ?",
                        row -> true,
                        volunteerId,
                        workflowId)
                .isPresent();
    }

    /** A tutorial that somebody has seen. */
    public record Seen(long workflowId, Instant at) {}

    /** All that somebody has seen, in the order of the workflows; at most 1,000. */
    public List<Seen> of(long volunteerId) {
        return sql.query(
                "SELECT workflow_id, seen_at FROM tutorial_seen WHERE volunteer_id = ? ORDER BY workflow_id LIMIT ?",
                row -> new Seen(row.getLong("workflow_id"), Sql.instant(row, "seen_at")),
                volunteerId,
                MOST);
    }
}
