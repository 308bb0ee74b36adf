package org.skysieve.outcome;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Outbox;
import org.skysieve.platform.Sql;

/** What is known of candidates from outside: the last word for each. */
@ApplicationScoped
public class Outcomes {
    private static final String COLUMNS =
            "SELECT u.candidate_id, u.kind, u.name, u.type, u.url, u.known_at FROM" + " candidate_outcome u";

    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    Outcomes(Sql sql, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Says what a candidate is. Who voted on it is told, once for each thing that changes.
     *
     * @return whether anything changed
     */
    @Transactional
    public boolean report(long candidateId, Outcome outcome, long reportedBy) {
        Optional<Integer> changed = sql.first(
                "INSERT INTO candidate_outcome (candidate_id, kind, name, type, url, known_at, reported_by, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (candidate_id) DO UPDATE SET kind = excluded.kind,"
                        + " name = excluded.name, type = excluded.type, url = excluded.url, known_at = excluded.known_at,"
                        + " reported_by = excluded.reported_by, updated_at = excluded.updated_at"
                        + " WHERE (candidate_outcome.kind, candidate_outcome.name, candidate_outcome.type,"
                        + " candidate_outcome.url) <> (excluded.kind, excluded.name, excluded.type, excluded.url)"
                        + " RETURNING 1",
                row -> 1,
                candidateId,
                outcome.kind(),
                outcome.name(),
                outcome.type(),
                outcome.url(),
                outcome.at(),
                reportedBy,
                clock.instant());
        if (changed.isPresent()) {
            outbox.publish(new OutcomeReported(candidateId));
        }
        return changed.isPresent();
    }

    /** Takes back what was said, and the notices of it. */
    @Transactional
    public boolean remove(long candidateId) {
        return sql.update("DELETE FROM candidate_outcome WHERE candidate_id = ?", candidateId) > 0;
    }

    public Optional<Outcome> find(long candidateId) {
        return sql.first(COLUMNS + " WHERE candidate_id = ?", Outcomes::read, candidateId);
    }

    /** Those of the candidates that have one. */
    public Map<Long, Outcome> byIds(Collection<Long> candidateIds) {
        Map<Long, Outcome> found = new HashMap<>();
        if (!candidateIds.isEmpty()) {
            sql.query(
                    COLUMNS + " WHERE candidate_id = ANY(?)",
                    row -> found.put(row.getLong("candidate_id"), read(row)) == null,
                    candidateIds);
        }
        return found;
    }

    /** A candidate with its outcome. */
    public record Reported(long candidateId, Outcome outcome) {}

    /** The last ones of a project. */
    public List<Reported> latest(long projectId, int limit) {
        return sql.query(
                COLUMNS + " JOIN candidate c ON c.id = u.candidate_id WHERE c.project_id = ?"
                        + " ORDER BY u.updated_at DESC, u.candidate_id DESC LIMIT ?",
                row -> new Reported(row.getLong("candidate_id"), read(row)),
                projectId,
                limit);
    }

    private static Outcome read(ResultSet row) throws SQLException {
        return new Outcome(
                row.getString("kind"),
                row.getString("name"),
                row.getString("type"),
                row.getString("url"),
                Sql.instant(row, "known_at"));
    }
}
