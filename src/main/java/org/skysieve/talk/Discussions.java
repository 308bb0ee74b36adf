package org.skysieve.talk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.Candidates;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** The boards of a project and the discussions on them and about candidates. */
@ApplicationScoped
public class Discussions {
    /** Letters of a title. */
    static final int SHORTEST_TITLE = 3;

    static final int LONGEST_TITLE = 140;

    /** What a project has until its people make more. */
    private static final List<Board> USUAL = List.of(
            new Board("help", "Questions and help", "How does it work? No question is too small."),
            new Board("discoveries", "Discoveries", "Something that should not be there."),
            new Board("chat", "Everything else", "Who you are, what you wish for."));

    private static final String VIEW = """
            SELECT d.id, d.project_id, b.slug AS board, d.candidate_id, d.started_at, d.last_at, d.comments, d.locked,
                   d.last_comment, v.display_name,
                   coalesce(nullif(d.title, ''), o.object_id) AS title
            FROM talk_discussion d JOIN volunteer v ON v.id = d.started_by LEFT JOIN talk_board b ON b.id = d.board_id
                 LEFT JOIN candidate c ON c.id = d.candidate_id LEFT JOIN sky_object o ON o.id = c.sky_object_id
            """;

    private record Placed(long key, DiscussionView view) {}

    private final Sql sql;
    private final Candidates candidates;
    private final Clock clock;

    Discussions(Sql sql, Candidates candidates, Clock clock) {
        this.sql = sql;
        this.candidates = candidates;
        this.clock = clock;
    }

    /** The boards of a project, in their order. */
    @Transactional
    public List<Board> boards(long projectId) {
        List<Board> boards = find(projectId);
        if (!boards.isEmpty()) {
            return boards;
        }
        for (int i = 0; i < USUAL.size(); i++) {
            Board board = USUAL.get(i);
            sql.update(
                    "INSERT INTO talk_board (project_id, slug, title, about, position) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    projectId,
                    board.slug(),
                    board.title(),
                    board.about(),
                    i);
        }
        return find(projectId);
    }

    private List<Board> find(long projectId) {
        return sql.query(
                "SELECT slug, title, about FROM talk_board WHERE project_id = ? ORDER BY position, id",
                row -> new Board(row.getString("slug"), row.getString("title"), row.getString("about")),
                projectId);
    }

    /** @throws Problem 404 without it */
    public Board board(long projectId, String slug) {
        return boards(projectId).stream()
                .filter(board -> board.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("no board \"" + slug + "\" in this project"));
    }

    /**
     * Makes a board, the last of its project.
     *
     * @throws Problem 400 for a title out of 3..140 letters or a slug of other characters, 409 if there is one of that slug
     */
    @Transactional
    public Board addBoard(long projectId, String slug, String title, String about) {
        if (!slug.matches("[a-z0-9][a-z0-9-]{1,62}")) {
            throw Problem.badField(
                    "slug",
                    "got \"" + slug + "\", need 2 to 63 lower-case letters, digits and hyphens, no hyphen first");
        }
        String checked = title(title);
        boards(projectId);
        int added = sql.update("""
                INSERT INTO talk_board (project_id, slug, title, about, position)
                SELECT ?, ?, ?, ?, coalesce(max(position), 0) + 1 FROM talk_board WHERE project_id = ?
                ON CONFLICT DO NOTHING
                """, projectId, slug, checked, about.strip(), projectId);
        if (added == 0) {
            throw Problem.conflict("there is a board \"" + slug + "\" already");
        }
        return new Board(slug, checked, about.strip());
    }

    /** The discussions of a project or of one of its boards, that with the newest comment first. */
    public Page<DiscussionView> list(long projectId, @Nullable String board, long before, int limit) {
        List<Placed> rows = sql.query(
                VIEW + """
                        WHERE d.project_id = ? AND d.last_comment < ? AND d.last_comment > 0
                          AND (?::text IS NULL OR b.slug = ?)
                        ORDER BY d.last_comment DESC LIMIT ?
                        """,
                row -> new Placed(row.getLong("last_comment"), read(row)),
                projectId,
                before,
                board,
                board,
                limit + 1);
        Page<Placed> page = Page.of(rows, limit, Placed::key);
        return new Page<>(page.items().stream().map(Placed::view).toList(), page.next());
    }

    /** @throws Problem 404 without it */
    public DiscussionView find(long projectId, long id) {
        return sql.first(VIEW + "WHERE d.id = ? AND d.project_id = ?", Discussions::read, id, projectId)
                .orElseThrow(() -> Problem.notFound("no discussion " + id + " in this project"));
    }

    /** What is said about a candidate, if anything is. */
    public Optional<DiscussionView> ofCandidate(long candidateId) {
        return sql.first(VIEW + "WHERE d.candidate_id = ?", Discussions::read, candidateId);
    }

    /**
     * Opens a discussion on a board; its first comment must follow in the same transaction.
     *
     * @return its id
     */
    long open(long projectId, String board, String title, long volunteerId) {
        String checked = title(title);
        board(projectId, board);
        Instant now = now();
        return sql.one("""
                INSERT INTO talk_discussion (project_id, board_id, title, started_by, started_at, last_at)
                SELECT project_id, id, ?, ?, ?, ? FROM talk_board WHERE project_id = ? AND slug = ? RETURNING id
                """, row -> row.getLong("id"), checked, volunteerId, now, now, projectId, board);
    }

    /** The discussion about a candidate, opened where there is none; a comment must follow in the same transaction. */
    long openAbout(long projectId, long candidateId, long volunteerId) {
        if (candidates.find(candidateId).projectId() != projectId) {
            throw Problem.notFound("no candidate " + candidateId + " in this project");
        }
        Instant now = now();
        sql.update("""
                INSERT INTO talk_discussion (project_id, candidate_id, started_by, started_at, last_at)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (candidate_id) DO NOTHING
                """, projectId, candidateId, volunteerId, now, now);
        return sql.one("SELECT id FROM talk_discussion WHERE candidate_id = ?", row -> row.getLong("id"), candidateId);
    }

    /**
     * Closes a discussion for further comments, or opens it again.
     *
     * @throws Problem 404 without it
     */
    @Transactional
    public void lock(long projectId, long id, boolean locked) {
        if (sql.update("UPDATE talk_discussion SET locked = ? WHERE id = ? AND project_id = ?", locked, id, projectId)
                == 0) {
            throw Problem.notFound("no discussion " + id + " in this project");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String title(String title) {
        String stripped = title.strip().replaceAll("\\s+", " ");
        if (stripped.length() < SHORTEST_TITLE || stripped.length() > LONGEST_TITLE) {
            throw Problem.badField(
                    "title", "got " + stripped.length() + " letters, need " + SHORTEST_TITLE + ".." + LONGEST_TITLE);
        }
        return stripped;
    }

    private static DiscussionView read(ResultSet row) throws SQLException {
        return new DiscussionView(
                row.getLong("id"),
                row.getLong("project_id"),
                row.getString("board"),
                Sql.longOrNull(row, "candidate_id"),
                row.getString("title"),
                row.getString("display_name"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "last_at"),
                row.getInt("comments"),
                row.getBoolean("locked"));
    }
}
