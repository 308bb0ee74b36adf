package org.skysieve.consensus;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/** The door to what is known of volunteers. */
@ApplicationScoped
public class Reliabilities {
    private final Sql sql;

    Reliabilities(Sql sql) {
        this.sql = sql;
    }

    /** Empty until a vote of theirs has been applied. */
    public Optional<ReliabilityView> of(long workflowId, long volunteerId) {
        return sql.first(
                "SELECT votes, gold_seen, gold_agreed, confusion, state FROM reliability"
                        + " WHERE workflow_id = ? AND volunteer_id = ? AND state IS NOT NULL",
                row -> ReliabilityView.of(
                        volunteerId,
                        row.getInt("votes"),
                        row.getInt("gold_seen"),
                        row.getInt("gold_agreed"),
                        Sql.doubles(row, "confusion"),
                        row.getBytes("state")),
                workflowId,
                volunteerId);
    }
}
