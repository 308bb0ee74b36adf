package org.skysieve.collection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.Candidates;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** Collections of candidates of a project, made by accounts. Others see them only where their owner says so. */
@ApplicationScoped
public class Collections {
    public static final int MOST = 50;
    public static final int MOST_ITEMS = 500;

    private static final int MAX_TITLE = 120;
    private static final int MAX_ABOUT = 2_000;

    private final Sql sql;
    private final Candidates candidates;
    private final Clock clock;

    Collections(Sql sql, Candidates candidates, Clock clock) {
        this.sql = sql;
        this.candidates = candidates;
        this.clock = clock;
    }

    /** A collection without its candidates. */
    public record Title(long id, String title, boolean visible, int count) {}

    /**
     * Makes an empty collection.
     *
     * @throws Problem 400 for a title out of 1..120 characters or a text above 2,000; 409 with 50 collections already
     */
    @Transactional
    public long create(
            long projectId, long volunteerId, @Nullable String title, @Nullable String about, boolean visible) {
        if (count(volunteerId) >= MOST) {
            throw Problem.conflict("you have " + MOST + " collections, which is the most");
        }
        return sql.one(
                "INSERT INTO collection (project_id, volunteer_id, title, about, public, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                row -> row.getLong(1),
                projectId,
                volunteerId,
                text("title", title, 1, MAX_TITLE),
                text("about", about, 0, MAX_ABOUT),
                visible,
                clock.instant());
    }

    /** @throws Problem as {@link #create}, and 404 unless it is theirs */
    @Transactional
    public void change(long id, long volunteerId, @Nullable String title, @Nullable String about, boolean visible) {
        own(id, volunteerId);
        sql.update(
                "UPDATE collection SET title = ?, about = ?, public = ? WHERE id = ?",
                text("title", title, 1, MAX_TITLE),
                text("about", about, 0, MAX_ABOUT),
                visible,
                id);
    }

    /** @throws Problem 404 unless it is theirs */
    @Transactional
    public void delete(long id, long volunteerId) {
        own(id, volunteerId);
        sql.update("DELETE FROM collection WHERE id = ?", id);
    }

    /**
     * Puts a candidate in; doing it again changes nothing.
     *
     * @throws Problem 404 unless the collection is theirs and the candidate is of its project; 409 with 500 already
     */
    @Transactional
    public void add(long id, long volunteerId, long candidateId) {
        CollectionView collection = own(id, volunteerId);
        if (candidates.find(candidateId).projectId() != collection.projectId()) {
            throw Problem.notFound("candidate " + candidateId + " is none of this collection's project");
        }
        if (collection.candidateIds().size() >= MOST_ITEMS
                && !collection.candidateIds().contains(candidateId)) {
            throw Problem.conflict("the collection has " + MOST_ITEMS + " candidates, which is the most");
        }
        sql.update(
                "INSERT INTO collection_item (collection_id, candidate_id, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                id,
                candidateId,
                clock.instant());
    }

    /** @throws Problem 404 unless the collection is theirs */
    @Transactional
    public void remove(long id, long volunteerId, long candidateId) {
        own(id, volunteerId);
        sql.update("DELETE FROM collection_item WHERE collection_id = ? AND candidate_id = ?", id, candidateId);
    }

    /**
     * A collection that somebody may see.
     *
     * @throws Problem 404 for one that is not there, or is private and another's
     */
    public CollectionView find(long id, OptionalLong reader) {
        return sql.first(
                        "SELECT c.*, v.display_name FROM collection c JOIN volunteer v ON v.id = c.volunteer_id WHERE c.id = ?"
                                + " AND (c.public OR c.volunteer_id = ?)",
                        this::read,
                        id,
                        reader.orElse(0))
                .orElseThrow(() -> Problem.notFound("no collection " + id + " that you may see"));
    }

    /** Somebody's own, in all projects or one. */
    public List<Title> of(long volunteerId, OptionalLong projectId) {
        return sql.query(
                "SELECT c.id, c.title, c.public, (SELECT count(*)::int FROM collection_item i WHERE i.collection_id = c.id) AS n"
                        + " FROM collection c WHERE c.volunteer_id = ? AND (c.project_id = ? OR ?) ORDER BY c.id DESC LIMIT ?",
                row -> new Title(row.getLong("id"), row.getString("title"), row.getBoolean("public"), row.getInt("n")),
                volunteerId,
                projectId.orElse(0),
                projectId.isEmpty(),
                MOST);
    }

    private int count(long volunteerId) {
        return sql.one(
                "SELECT count(*)::int FROM collection WHERE volunteer_id = ?", row -> row.getInt(1), volunteerId);
    }

    private CollectionView own(long id, long volunteerId) {
        CollectionView found = find(id, OptionalLong.of(volunteerId));
        if (found.volunteerId() != volunteerId) {
            throw Problem.notFound("no collection " + id + " of yours");
        }
        return found;
    }

    private CollectionView read(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        return new CollectionView(
                id,
                row.getLong("project_id"),
                row.getLong("volunteer_id"),
                row.getString("display_name"),
                row.getString("title"),
                row.getString("about"),
                row.getBoolean("public"),
                sql.query(
                        "SELECT candidate_id FROM collection_item WHERE collection_id = ? ORDER BY added_at, candidate_id"
                                + " LIMIT ?",
                        item -> item.getLong(1),
                        id,
                        MOST_ITEMS));
    }

    private static String text(String field, @Nullable String value, int min, int max) {
        String text = value == null ? "" : value.strip();
        if (text.length() < min || text.length() > max) {
            throw Problem.badField(field, "got " + text.length() + " characters, need " + min + ".." + max);
        }
        return text;
    }
}
