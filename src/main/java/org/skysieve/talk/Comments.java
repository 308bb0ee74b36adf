package org.skysieve.talk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** What people say. A comment that is rewritten or hidden is kept as it was. */
@ApplicationScoped
public class Comments {
    static final int LONGEST = 5000;

    /** Of one person, in {@link #WINDOW}. */
    static final int MOST = 20;

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private static final String VIEW = """
            SELECT m.id, m.discussion_id, m.volunteer_id, m.body, m.created_at, m.edited_at, m.hidden_reason,
                   v.display_name, v.username, v.role, p.slug, coalesce(nullif(d.title, ''), o.object_id) AS title
            FROM talk_comment m JOIN talk_discussion d ON d.id = m.discussion_id JOIN volunteer v ON v.id = m.volunteer_id
                 JOIN project p ON p.id = m.project_id LEFT JOIN candidate c ON c.id = d.candidate_id
                 LEFT JOIN sky_object o ON o.id = c.sky_object_id
            """;

    private final Sql sql;
    private final Discussions discussions;
    private final Clock clock;

    Comments(Sql sql, Discussions discussions, Clock clock) {
        this.sql = sql;
        this.discussions = discussions;
        this.clock = clock;
    }

    /**
     * Starts a discussion on a board.
     *
     * @param body 1..5000 letters, Markdown
     * @return the comment
     * @throws Problem 404 without the board, 400 for a title or body out of its bounds, 429 for too many comments
     */
    @Transactional
    public CommentView start(long projectId, String board, String title, String body, long volunteerId) {
        return add(discussions.open(projectId, board, title, volunteerId), body, volunteerId);
    }

    /**
     * Says something about a candidate.
     *
     * @throws Problem as {@link #start}
     */
    @Transactional
    public CommentView about(long projectId, long candidateId, String body, long volunteerId) {
        return add(discussions.openAbout(projectId, candidateId, volunteerId), body, volunteerId);
    }

    /**
     * Answers in a discussion.
     *
     * @throws Problem as {@link #start}; 409 if it is closed
     */
    @Transactional
    public CommentView answer(long projectId, long discussionId, String body, long volunteerId) {
        return add(discussions.find(projectId, discussionId).id(), body, volunteerId);
    }

    private CommentView add(long discussionId, String body, long volunteerId) {
        String checked = body(body);
        Instant now = now();
        int lately = sql.one(
                "SELECT count(*)::int AS n FROM talk_comment WHERE volunteer_id = ? AND created_at > ?",
                row -> row.getInt("n"),
                volunteerId,
                now.minus(WINDOW));
        if (lately >= MOST) {
            throw Problem.tooManyRequests("you wrote " + lately + " comments in " + WINDOW.toMinutes()
                    + " minutes: come back a little later");
        }
        // The row of the discussion is locked until the end: comments are counted and ordered one after the other.
        boolean locked = sql.one(
                "SELECT locked FROM talk_discussion WHERE id = ? FOR UPDATE",
                row -> row.getBoolean("locked"),
                discussionId);
        if (locked) {
            throw Problem.conflict("the discussion is closed: it takes no more comments");
        }
        long id = sql.one("""
                INSERT INTO talk_comment (discussion_id, project_id, volunteer_id, body, created_at)
                SELECT id, project_id, ?, ?, ? FROM talk_discussion WHERE id = ? RETURNING id
                """, row -> row.getLong("id"), volunteerId, checked, now, discussionId);
        sql.update(
                "UPDATE talk_discussion SET comments = comments + 1, last_comment = ?, last_at = ? WHERE id = ?",
                id,
                now,
                discussionId);
        tag(id, checked);
        notify(id, discussionId, checked, volunteerId);
        return find(id);
    }

    /**
     * Rewrites one's own comment; what it said before is kept.
     *
     * @throws Problem 404 without it, 403 for somebody else's, 409 if a moderator hid it, 400 for a body out of its bounds
     */
    @Transactional
    public CommentView edit(long projectId, long id, String body, long volunteerId) {
        CommentView before = find(projectId, id);
        if (before.volunteerId() != volunteerId) {
            throw Problem.forbidden("only its author can rewrite a comment");
        }
        if (before.hidden() != null) {
            throw Problem.conflict("a moderator hid this comment: " + before.hidden());
        }
        String checked = body(body);
        Instant now = now();
        sql.update(
                "INSERT INTO talk_edit (comment_id, replaced_at, body) SELECT id, ?, body FROM talk_comment WHERE id = ?",
                now,
                id);
        sql.update("UPDATE talk_comment SET body = ?, edited_at = ? WHERE id = ?", checked, now, id);
        sql.update("DELETE FROM talk_tag WHERE comment_id = ?", id);
        tag(id, checked);
        return find(id);
    }

    private void tag(long id, String body) {
        sql.update("""
                INSERT INTO talk_tag (project_id, tag, comment_id)
                SELECT m.project_id, t.tag, m.id FROM talk_comment m, unnest(?::text[]) AS t (tag) WHERE m.id = ?
                """, Markdown.tags(body).toArray(String[]::new), id);
    }

    /** Those who are mentioned, and those who follow the discussion, which its writers do. */
    private void notify(long id, long discussionId, String body, long author) {
        sql.update("""
                INSERT INTO talk_notice (volunteer_id, comment_id, cause)
                SELECT id, ?, 'mention' FROM volunteer WHERE username = ANY (?) AND kind = 'account' AND id <> ?
                """, id, Markdown.mentions(body).toArray(String[]::new), author);
        sql.update("""
                INSERT INTO talk_notice (volunteer_id, comment_id, cause)
                SELECT volunteer_id, ?, 'reply' FROM talk_subscription WHERE discussion_id = ? AND volunteer_id <> ?
                ON CONFLICT DO NOTHING
                """, id, discussionId, author);
        sql.update(
                "INSERT INTO talk_subscription (discussion_id, volunteer_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                discussionId,
                author);
    }

    /** The comments of a discussion, the oldest first. */
    public Page<CommentView> of(long discussionId, long after, int limit) {
        List<CommentView> rows = sql.query(
                VIEW + "WHERE m.discussion_id = ? AND m.id > ? ORDER BY m.id LIMIT ?",
                Comments::read,
                discussionId,
                after,
                limit + 1);
        return Page.of(rows, limit, CommentView::id);
    }

    /** The comments of an author, the newest first, those that are hidden without their text. */
    public Page<CommentView> by(long volunteerId, long before, int limit) {
        List<CommentView> rows = sql.query(
                VIEW + "WHERE m.volunteer_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?",
                Comments::read,
                volunteerId,
                before,
                limit + 1);
        return Page.of(rows, limit, CommentView::id);
    }

    /** @throws Problem 404 without it */
    public CommentView find(long projectId, long id) {
        return sql.first(VIEW + "WHERE m.id = ? AND m.project_id = ?", Comments::read, id, projectId)
                .orElseThrow(() -> Problem.notFound("no comment " + id + " in this project"));
    }

    private CommentView find(long id) {
        return sql.one(VIEW + "WHERE m.id = ?", Comments::read, id);
    }

    /**
     * Comments of a project that hold all words, or a hashtag, or mention somebody; the newest first. Hidden ones are left out.
     *
     * @param query words as one would give them to a search engine; {@code #tag} or {@code @name} alone
     */
    public Page<CommentView> search(long projectId, String query, long before, int limit) {
        String wanted = query.strip();
        if (wanted.isEmpty() || wanted.length() > Discussions.LONGEST_TITLE) {
            throw Problem.badField("q", "got " + wanted.length() + " letters, need 1.." + Discussions.LONGEST_TITLE);
        }
        boolean tag = wanted.matches("#\\S+");
        List<CommentView> rows = sql.query(
                VIEW
                        + """
                        WHERE m.project_id = ? AND m.id < ? AND m.hidden_at IS NULL
                        """
                        + (tag
                                ? "AND m.id IN (SELECT comment_id FROM talk_tag WHERE project_id = m.project_id AND tag = lower(?))"
                                : "AND (m.words @@ websearch_to_tsquery('simple', ?)"
                                        + " OR to_tsvector('simple', d.title) @@ websearch_to_tsquery('simple', ?))")
                        + " ORDER BY m.id DESC LIMIT ?",
                Comments::read,
                tag
                        ? new Object[] {projectId, before, wanted.substring(1), limit + 1}
                        : new Object[] {projectId, before, wanted, wanted, limit + 1});
        return Page.of(rows, limit, CommentView::id);
    }

    /** The hashtags of the newest thousand comments of a project, the most frequent first. */
    public List<String> tags(long projectId, int most) {
        return sql.query("""
                SELECT tag FROM (SELECT tag FROM talk_tag WHERE project_id = ? ORDER BY comment_id DESC LIMIT 1000) t
                GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ?
                """, row -> row.getString("tag"), projectId, most);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String body(String body) {
        String stripped = body.strip();
        if (stripped.isEmpty() || stripped.length() > LONGEST) {
            throw Problem.badField("body", "got " + stripped.length() + " letters, need 1.." + LONGEST);
        }
        return stripped;
    }

    static String view() {
        return VIEW;
    }

    static CommentView read(ResultSet row) throws SQLException {
        String hidden = row.getString("hidden_reason");
        String body = hidden == null ? row.getString("body") : "";
        return new CommentView(
                row.getLong("id"),
                row.getLong("discussion_id"),
                row.getString("title"),
                row.getLong("volunteer_id"),
                row.getString("display_name"),
                row.getString("username"),
                row.getString("role"),
                body,
                Markdown.html(body, row.getString("slug")),
                Sql.instant(row, "created_at"),
                Sql.instantOrNull(row, "edited_at"),
                hidden);
    }
}
