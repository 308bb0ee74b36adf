package org.skysieve.outcome;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/** What became of somebody's votes: what settled, what it turned out to be, and what of it they have not seen yet. */
@ApplicationScoped
public class VoteNews {
    private static final int NEWEST = 5_000;

    private final Sql sql;
    private final Clock clock;

    VoteNews(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * A candidate that somebody answered and that is settled, or of which more is known.
     *
     * @param answer what they said
     * @param settledAs the class, or null where it is set aside as ambiguous or still open
     * @param consensus {@code retired}, {@code ambiguous} or {@code open}
     * @param at when it settled, or when the outcome was reported if that was later
     * @param fresh whether that was after their last visit
     */
    public record News(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
            int answer,
            @Nullable Integer settledAs,
            String consensus,
            Instant at,
            boolean fresh,
            @Nullable Outcome outcome) {}

    /**
     * The latest news of a workflow, the newest first, among the 5,000 newest answers. Gold standards are left out unless they
     * have an outcome: that they are settled tells nothing, and must not tell them.
     */
    public List<News> of(long workflowId, long volunteerId, int limit) {
        Instant last = lastVisit(workflowId, volunteerId).orElse(Instant.EPOCH);
        return sql.query(
                """
                SELECT n.*, n.at > ?::timestamptz AS fresh FROM (
                    SELECT v.candidate_id, v.answer, k.answer AS settled_as, k.outcome, u.kind, u.name, u.type, u.url,
                           u.known_at, greatest(CASE WHEN g.candidate_id IS NULL THEN k.retired_at END, u.updated_at) AS at,
                           g.candidate_id IS NOT NULL AS gold
                    FROM (SELECT candidate_id, answer FROM classification e
                          WHERE volunteer_id = ? AND workflow_id = ? AND answer IS NOT NULL
                            AND NOT EXISTS (SELECT FROM classification later WHERE later.supersedes = e.id)
                          ORDER BY id DESC LIMIT ?) AS v
                         JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = v.candidate_id
                         LEFT JOIN gold_standard g ON g.workflow_id = ? AND g.candidate_id = v.candidate_id
                         LEFT JOIN candidate_outcome u ON u.candidate_id = v.candidate_id) AS n
                WHERE n.at IS NOT NULL
                ORDER BY n.at DESC, n.candidate_id DESC LIMIT ?
                """,
                row -> {
                    String kind = row.getString("kind");
                    boolean gold = row.getBoolean("gold");
                    return new News(
                            row.getLong("candidate_id"),
                            row.getInt("answer"),
                            gold || !row.getString("outcome").equals("retired") ? null : row.getInt("settled_as"),
                            gold ? "open" : row.getString("outcome"),
                            Sql.instant(row, "at"),
                            row.getBoolean("fresh"),
                            kind == null
                                    ? null
                                    : new Outcome(
                                            kind,
                                            row.getString("name"),
                                            row.getString("type"),
                                            row.getString("url"),
                                            Sql.instant(row, "known_at")));
                },
                last,
                volunteerId,
                workflowId,
                NEWEST,
                workflowId,
                workflowId,
                limit);
    }

    public Optional<Instant> lastVisit(long workflowId, long volunteerId) {
        return sql.first(
                "SELECT visited_at FROM outcome_visit WHERE workflow_id = ? AND volunteer_id = ?",
                row -> Sql.instant(row, "visited_at"),
                workflowId,
                volunteerId);
    }

    /** Notes that somebody has seen the news of a workflow, and reads their notices about its project. */
    @Transactional
    public void visited(long workflowId, long volunteerId) {
        sql.update(
                "INSERT INTO outcome_visit (volunteer_id, workflow_id, visited_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (volunteer_id, workflow_id) DO UPDATE SET visited_at = excluded.visited_at",
                volunteerId,
                workflowId,
                clock.instant());
        sql.update(
                "UPDATE outcome_notice n SET read = true FROM candidate c, workflow w WHERE n.volunteer_id = ? AND NOT n.read"
                        + " AND c.id = n.candidate_id AND w.project_id = c.project_id AND w.id = ?",
                volunteerId,
                workflowId);
    }

    /** Unread notices of outcomes, counted to 100. */
    public int unread(long volunteerId) {
        return sql.one(
                "SELECT count(*)::int FROM (SELECT FROM outcome_notice WHERE volunteer_id = ? AND NOT read LIMIT 100) t",
                row -> row.getInt(1),
                volunteerId);
    }

    /** Marks all notices of somebody as read. */
    @Transactional
    public void readAll(long volunteerId) {
        sql.update("UPDATE outcome_notice SET read = true WHERE volunteer_id = ? AND NOT read", volunteerId);
    }

    /** Unread notices by project: for the page of notices. */
    public record Waiting(String project, String title, int count) {}

    /** The projects in which outcomes wait to be seen. */
    public List<Waiting> waiting(long volunteerId) {
        return sql.query(
                "SELECT p.slug, p.title, count(*)::int AS n FROM outcome_notice o JOIN candidate c ON c.id = o.candidate_id"
                        + " JOIN project p ON p.id = c.project_id WHERE o.volunteer_id = ? AND NOT o.read"
                        + " GROUP BY p.slug, p.title ORDER BY p.title LIMIT 50",
                row -> new Waiting(row.getString("slug"), row.getString("title"), row.getInt("n")),
                volunteerId);
    }

    /** What a candidate turned out to be on which somebody voted. */
    public record Told(long candidateId, String objectId, String project, String title, Outcome outcome) {}

    /** Unread outcomes that somebody was told of after one time and up to another, the newest first. */
    public List<Told> unread(long volunteerId, Instant after, Instant until, int limit) {
        return sql.query(
                """
                SELECT n.candidate_id, o.object_id, p.slug, p.title, u.kind, u.name, u.type, u.url, u.known_at
                FROM outcome_notice n JOIN candidate_outcome u ON u.candidate_id = n.candidate_id
                     JOIN candidate c ON c.id = n.candidate_id JOIN sky_object o ON o.id = c.sky_object_id
                     JOIN project p ON p.id = c.project_id
                WHERE n.volunteer_id = ? AND NOT n.read AND n.told_at > ? AND n.told_at <= ?
                ORDER BY n.told_at DESC, n.candidate_id DESC LIMIT ?
                """,
                row -> new Told(
                        row.getLong("candidate_id"),
                        row.getString("object_id"),
                        row.getString("slug"),
                        row.getString("title"),
                        new Outcome(
                                row.getString("kind"),
                                row.getString("name"),
                                row.getString("type"),
                                row.getString("url"),
                                Sql.instant(row, "known_at"))),
                volunteerId,
                after,
                until,
                limit);
    }

    /**
     * The accounts among the first ten of a workflow who answered a class of a candidate, those who consent to be named, in
     * the order of their answers.
     */
    public List<String> credited(long workflowId, long candidateId, int answer) {
        return sql.query("""
                SELECT v.display_name FROM (
                    SELECT e.volunteer_id, (SELECT min(f.id) FROM classification f WHERE f.volunteer_id = e.volunteer_id
                            AND f.workflow_id = e.workflow_id AND f.candidate_id = e.candidate_id) AS first
                    FROM classification e
                    WHERE e.candidate_id = ? AND e.workflow_id = ? AND e.answer = ? AND NOT e.informed
                      AND NOT EXISTS (SELECT FROM classification later WHERE later.supersedes = e.id)
                    ORDER BY first LIMIT 10) AS early
                JOIN volunteer v ON v.id = early.volunteer_id
                WHERE v.kind = 'account' AND v.credited
                ORDER BY early.first
                """, row -> row.getString(1), candidateId, workflowId, answer);
    }
}
