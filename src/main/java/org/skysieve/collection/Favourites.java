package org.skysieve.collection;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** The candidates that somebody starred; nobody else sees them. */
@ApplicationScoped
public class Favourites {
    public static final int MOST = 1_000;

    private final Sql sql;
    private final Clock clock;

    Favourites(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Stars a candidate; doing it again changes nothing.
     *
     * @throws Problem 404 without the candidate, 409 with 1,000 already
     */
    @Transactional
    public void add(long volunteerId, long candidateId) {
        if (sql.first("SELECT 1 FROM candidate WHERE id = ?", row -> 1, candidateId)
                .isEmpty()) {
            throw Problem.notFound("no candidate " + candidateId);
        }
        int count = sql.one(
                "SELECT count(*)::int FROM favourite WHERE volunteer_id = ?", row -> row.getInt(1), volunteerId);
        if (count >= MOST && !has(volunteerId, candidateId)) {
            throw Problem.conflict("you have " + MOST + " favourites, which is the most: take some away first");
        }
        sql.update(
                "INSERT INTO favourite (volunteer_id, candidate_id, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                volunteerId,
                candidateId,
                clock.instant());
    }

    @Transactional
    public void remove(long volunteerId, long candidateId) {
        sql.update("DELETE FROM favourite WHERE volunteer_id = ? AND candidate_id = ?", volunteerId, candidateId);
    }

    public boolean has(long volunteerId, long candidateId) {
        return sql.first(
                        "SELECT 1 FROM favourite WHERE volunteer_id = ? AND candidate_id = ?",
                        row -> true,
                        volunteerId,
                        candidateId)
                .isPresent();
    }

    /** All, the newest first. */
    public List<Long> of(long volunteerId) {
        return sql.query(
                "SELECT candidate_id FROM favourite WHERE volunteer_id = ? ORDER BY added_at DESC, candidate_id DESC LIMIT ?",
                row -> row.getLong(1),
                volunteerId,
                MOST);
    }

    /** Those of a project, the newest first. */
    public List<Long> of(long volunteerId, long projectId, int limit) {
        return sql.query(
                "SELECT f.candidate_id FROM favourite f JOIN candidate c ON c.id = f.candidate_id WHERE f.volunteer_id = ?"
                        + " AND c.project_id = ? ORDER BY f.added_at DESC, f.candidate_id DESC LIMIT ?",
                row -> row.getLong(1),
                volunteerId,
                projectId,
                limit);
    }
}
