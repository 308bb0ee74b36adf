package org.skysieve.talk;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Page;
import org.skysieve.platform.Sql;

/** Who is told of what in talk: mentions, and comments in discussions that one follows. */
@ApplicationScoped
public class Notices {
    private final Sql sql;

    Notices(Sql sql) {
        this.sql = sql;
    }

    /** Unread ones, counted to 100. */
    public int unread(long volunteerId) {
        return sql.one(
                "SELECT count(*)::int AS n FROM (SELECT FROM talk_notice WHERE volunteer_id = ? AND NOT read LIMIT 100) t",
                row -> row.getInt("n"),
                volunteerId);
    }

    /** The newest first; of comments that a moderator hid, only that. */
    public Page<Notice> of(long volunteerId, long before, int limit) {
        List<Notice> rows = sql.query(
                "SELECT n.id AS notice_id, n.cause, n.read, m.* FROM talk_notice n JOIN (" + Comments.view()
                        + ") m ON m.id = n.comment_id WHERE n.volunteer_id = ? AND n.id < ? ORDER BY n.id DESC LIMIT ?",
                row -> new Notice(
                        row.getLong("notice_id"),
                        row.getString("cause"),
                        row.getString("slug"),
                        row.getBoolean("read"),
                        Comments.read(row)),
                volunteerId,
                before,
                limit + 1);
        return Page.of(rows, limit, Notice::id);
    }

    /**
     * Unread ones of comments written after one time and up to another, the newest first, among the 200 newest that are
     * unread; without those that a moderator hid.
     */
    public List<Notice> unread(long volunteerId, Instant after, Instant until, int limit) {
        return sql.query(
                "SELECT n.id AS notice_id, n.cause, n.read, m.* FROM (SELECT * FROM talk_notice"
                        + " WHERE volunteer_id = ? AND NOT read ORDER BY id DESC LIMIT 200) n JOIN (" + Comments.view()
                        + ") m ON m.id = n.comment_id WHERE m.created_at > ? AND m.created_at <= ?"
                        + " AND m.hidden_reason IS NULL ORDER BY n.id DESC LIMIT ?",
                row -> new Notice(
                        row.getLong("notice_id"),
                        row.getString("cause"),
                        row.getString("slug"),
                        row.getBoolean("read"),
                        Comments.read(row)),
                volunteerId,
                after,
                until,
                limit);
    }

    /** Marks all of a volunteer as read. */
    @Transactional
    public void readAll(long volunteerId) {
        sql.update("UPDATE talk_notice SET read = true WHERE volunteer_id = ? AND NOT read", volunteerId);
    }

    public boolean follows(long discussionId, long volunteerId) {
        return sql.first(
                        "SELECT 1 FROM talk_subscription WHERE discussion_id = ? AND volunteer_id = ?",
                        row -> true,
                        discussionId,
                        volunteerId)
                .isPresent();
    }

    /** Follows a discussion or stops that. */
    @Transactional
    public void follow(long discussionId, long volunteerId, boolean wanted) {
        sql.update(
                wanted
                        ? "INSERT INTO talk_subscription (discussion_id, volunteer_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
                        : "DELETE FROM talk_subscription WHERE discussion_id = ? AND volunteer_id = ?",
                discussionId,
                volunteerId);
    }
}
