package org.skysieve.talk;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** Comments that somebody finds wrong, and what moderators make of them. */
@ApplicationScoped
public class Reports {
    private static final int LONGEST_REASON = 500;
    private static final int SHOWN = 100;

    private final Sql sql;
    private final Comments comments;
    private final Clock clock;

    Reports(Sql sql, Comments comments, Clock clock) {
        this.sql = sql;
        this.comments = comments;
        this.clock = clock;
    }

    /**
     * Tells the moderators of a comment; again by the same person, nothing changes.
     *
     * @throws Problem 404 without the comment, 400 for a reason out of 1..500 letters
     */
    @Transactional
    public void report(long projectId, long commentId, String reason, long volunteerId) {
        comments.find(projectId, commentId);
        sql.update("""
                INSERT INTO talk_report (comment_id, project_id, by_id, reason, created_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, commentId, projectId, volunteerId, reason(reason), now());
    }

    /** Those that wait, the oldest first, at most a hundred. */
    public List<Report> waiting(long projectId) {
        return sql.query(
                "SELECT r.id AS report_id, r.reason, r.created_at AS reported_at, w.display_name AS by_name, m.*"
                        + " FROM talk_report r JOIN volunteer w ON w.id = r.by_id JOIN (" + Comments.view()
                        + ") m ON m.id = r.comment_id"
                        + " WHERE r.project_id = ? AND r.settled_at IS NULL ORDER BY r.id LIMIT ?",
                row -> new Report(
                        row.getLong("report_id"),
                        row.getString("by_name"),
                        row.getString("reason"),
                        Sql.instant(row, "reported_at"),
                        Comments.read(row)),
                projectId,
                SHOWN);
    }

    /** How many wait. */
    public int count(long projectId) {
        return sql.one(
                "SELECT count(*)::int AS n FROM talk_report WHERE project_id = ? AND settled_at IS NULL",
                row -> row.getInt("n"),
                projectId);
    }

    /**
     * Hides a comment: everybody sees that and why, nobody what it said. Its reports are settled.
     *
     * @throws Problem 404 without it, 400 for a reason out of 1..500 letters
     */
    @Transactional
    public void hide(long projectId, long commentId, String reason, long moderatorId) {
        Instant now = now();
        int hidden = sql.update(
                "UPDATE talk_comment SET hidden_by = ?, hidden_at = ?, hidden_reason = ? WHERE id = ? AND project_id = ?",
                moderatorId,
                now,
                reason(reason),
                commentId,
                projectId);
        if (hidden == 0) {
            throw Problem.notFound("no comment " + commentId + " in this project");
        }
        settle(commentId, "hidden", moderatorId, now);
    }

    /**
     * Keeps a comment, or shows it again. Its reports are settled.
     *
     * @throws Problem 404 without it
     */
    @Transactional
    public void keep(long projectId, long commentId, long moderatorId) {
        comments.find(projectId, commentId);
        sql.update(
                "UPDATE talk_comment SET hidden_by = NULL, hidden_at = NULL, hidden_reason = NULL WHERE id = ?",
                commentId);
        settle(commentId, "kept", moderatorId, now());
    }

    private void settle(long commentId, String outcome, long moderatorId, Instant now) {
        sql.update(
                "UPDATE talk_report SET settled_by = ?, settled_at = ?, outcome = ? WHERE comment_id = ?"
                        + " AND settled_at IS NULL",
                moderatorId,
                now,
                outcome,
                commentId);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String reason(String reason) {
        String stripped = reason.strip();
        if (stripped.isEmpty() || stripped.length() > LONGEST_REASON) {
            throw Problem.badField("reason", "got " + stripped.length() + " letters, need 1.." + LONGEST_REASON);
        }
        return stripped;
    }
}
