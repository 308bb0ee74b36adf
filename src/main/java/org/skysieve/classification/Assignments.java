package org.skysieve.classification;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/**
 * What was served to whom. One assignment for each volunteer, workflow and candidate, ever: nobody is served the same
 * candidate twice. Everything here joins the caller's transaction where there is one.
 */
@ApplicationScoped
public class Assignments {
    /** All columns, as {@link #read} needs them. */
    public static final String COLUMNS = "id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
            + " model_version_id, model_probabilities, served_at, lease_until, state";

    private static final String OPEN = "SELECT " + COLUMNS
            + " FROM assignment WHERE volunteer_id = ? AND workflow_id = ? AND state = 'open' AND lease_until > ?"
            + " ORDER BY id";
    private static final String BY_ID = "SELECT " + COLUMNS + " FROM assignment WHERE id = ?";
    private static final String CLOSE = """
            WITH mine AS (SELECT id, state FROM assignment WHERE id = ? AND volunteer_id = ? FOR UPDATE),
                 closed AS (UPDATE assignment a SET state = ? FROM mine WHERE a.id = mine.id AND mine.state <> 'answered')
            SELECT state FROM mine
            """;

    private final Sql sql;
    private final Clock clock;

    Assignments(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** What a volunteer holds under an unexpired lease and has not answered, oldest first. */
    public List<AssignmentView> open(long workflowId, long volunteerId) {
        return sql.query(OPEN, Assignments::read, volunteerId, workflowId, clock.instant());
    }

    public Optional<AssignmentView> find(long assignmentId) {
        return sql.first(BY_ID, Assignments::read, assignmentId);
    }

    /** Gives an assignment back unanswered: its lease ends now. */
    public Closing release(long assignmentId, long volunteerId) {
        return close(assignmentId, volunteerId, "released");
    }

    /** Notes that the volunteer saw the candidate and would not answer. */
    public Closing skip(long assignmentId, long volunteerId) {
        return close(assignmentId, volunteerId, "skipped");
    }

    /** What became of a wish to close an assignment. */
    public enum Closing {
        /** It is closed now, or was before. */
        CLOSED,
        /** It stays as it is: the volunteer has answered it. */
        ANSWERED,
        /** This volunteer has no such assignment. */
        UNKNOWN
    }

    private Closing close(long assignmentId, long volunteerId, String state) {
        return sql.first(CLOSE, row -> row.getString(1), assignmentId, volunteerId, state)
                .map(before -> before.equals("answered") ? Closing.ANSWERED : Closing.CLOSED)
                .orElse(Closing.UNKNOWN);
    }

    /** The assignment of a row that has {@link #COLUMNS}. */
    public static AssignmentView read(ResultSet row) throws SQLException {
        return new AssignmentView(
                row.getLong("id"),
                row.getLong("workflow_id"),
                row.getLong("candidate_id"),
                row.getLong("volunteer_id"),
                row.getString("strategy"),
                row.getFloat("priority"),
                row.getDouble("probability"),
                Sql.longOrNull(row, "model_version_id"),
                Sql.floatsOrNull(row, "model_probabilities"),
                Sql.instant(row, "served_at"),
                Sql.instant(row, "lease_until"),
                row.getString("state"));
    }
}
