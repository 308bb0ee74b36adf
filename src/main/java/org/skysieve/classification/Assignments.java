package org.skysieve.classification;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.agroal.api.AgroalDataSource;
import org.jspecify.annotations.Nullable;

/**
 * What was served to whom. One assignment for each volunteer, workflow and candidate, ever: nobody is served the same
 * candidate twice. Everything here joins the caller's transaction where there is one.
 */
@ApplicationScoped
public class Assignments {
    private static final String COLUMNS =
            "id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
                    + " model_version_id, model_probabilities, served_at, lease_until, state";
    private static final String OPEN = "SELECT " + COLUMNS
            + " FROM assignment WHERE volunteer_id = ? AND workflow_id = ? AND state = 'open' AND lease_until > ?"
            + " ORDER BY id";
    private static final String BY_ID = "SELECT " + COLUMNS + " FROM assignment WHERE id = ?";
    private static final String INSERT = """
            INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,
                                    model_version_id, model_probabilities, served_at, lease_until)
            SELECT nextval('assignment_seq'), n.workflow_id, n.candidate_id, n.volunteer_id, n.strategy, n.priority,
                   n.probability, n.model_version_id, n.model_probabilities::real[], n.served_at, n.lease_until
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::real[], ?::double precision[],
                        ?::bigint[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                 WITH ORDINALITY AS n (workflow_id, candidate_id, volunteer_id, strategy, priority, probability,
                                       model_version_id, model_probabilities, served_at, lease_until, place)
            ORDER BY n.place
            ON CONFLICT DO NOTHING
            RETURNING
            """ + COLUMNS;
    private static final String CLOSE = """
            WITH mine AS (SELECT id, state FROM assignment WHERE id = ? AND volunteer_id = ? FOR UPDATE),
                 closed AS (UPDATE assignment a SET state = ? FROM mine WHERE a.id = mine.id AND mine.state <> 'answered')
            SELECT state FROM mine
            """;

    private final AgroalDataSource dataSource;
    private final Clock clock;

    Assignments(AgroalDataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** What a volunteer holds under an unexpired lease and has not answered, oldest first. */
    public List<AssignmentView> open(long workflowId, long volunteerId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(OPEN)) {
            query.setLong(1, volunteerId);
            query.setLong(2, workflowId);
            query.setObject(3, Rows.utc(clock.instant()));
            return read(query);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the assignments of volunteer " + volunteerId, e);
        }
    }

    public Optional<AssignmentView> find(long assignmentId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(BY_ID)) {
            query.setLong(1, assignmentId);
            return read(query).stream().findFirst();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read assignment " + assignmentId, e);
        }
    }

    /**
     * Writes what is about to be served, in one statement.
     *
     * @return those that were written, in the given order; a candidate that the same volunteer was served before in the
     *     same workflow is left out
     */
    public List<AssignmentView> insertAll(List<NewAssignment> assignments) {
        if (assignments.isEmpty()) {
            return List.of();
        }
        int n = assignments.size();
        Long[] workflows = new Long[n];
        Long[] candidates = new Long[n];
        Long[] volunteers = new Long[n];
        String[] strategies = new String[n];
        Float[] priorities = new Float[n];
        Double[] probabilities = new Double[n];
        @Nullable Long[] models = new Long[n];
        @Nullable String[] evidence = new String[n];
        OffsetDateTime[] served = new OffsetDateTime[n];
        OffsetDateTime[] leases = new OffsetDateTime[n];
        for (int i = 0; i < n; i++) {
            NewAssignment assignment = assignments.get(i);
            workflows[i] = assignment.workflowId();
            candidates[i] = assignment.candidateId();
            volunteers[i] = assignment.volunteerId();
            strategies[i] = assignment.strategy();
            priorities[i] = assignment.priority();
            probabilities[i] = assignment.probability();
            models[i] = assignment.modelVersionId();
            evidence[i] = Rows.literal(assignment.modelProbabilities());
            served[i] = Rows.utc(assignment.servedAt());
            leases[i] = Rows.utc(assignment.leaseUntil());
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, connection.createArrayOf("bigint", workflows));
            insert.setArray(2, connection.createArrayOf("bigint", candidates));
            insert.setArray(3, connection.createArrayOf("bigint", volunteers));
            insert.setArray(4, connection.createArrayOf("text", strategies));
            insert.setArray(5, connection.createArrayOf("real", priorities));
            insert.setArray(6, connection.createArrayOf("double precision", probabilities));
            insert.setArray(7, connection.createArrayOf("bigint", models));
            insert.setArray(8, connection.createArrayOf("text", evidence));
            insert.setArray(9, connection.createArrayOf("timestamptz", served));
            insert.setArray(10, connection.createArrayOf("timestamptz", leases));
            return read(insert);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write " + n + " assignments", e);
        }
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
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(CLOSE)) {
            update.setLong(1, assignmentId);
            update.setLong(2, volunteerId);
            update.setString(3, state);
            try (ResultSet rows = update.executeQuery()) {
                if (!rows.next()) {
                    return Closing.UNKNOWN;
                }
                return rows.getString(1).equals("answered") ? Closing.ANSWERED : Closing.CLOSED;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close assignment " + assignmentId, e);
        }
    }

    private static List<AssignmentView> read(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            List<AssignmentView> assignments = new ArrayList<>();
            while (rows.next()) {
                assignments.add(new AssignmentView(
                        rows.getLong("id"),
                        rows.getLong("workflow_id"),
                        rows.getLong("candidate_id"),
                        rows.getLong("volunteer_id"),
                        rows.getString("strategy"),
                        rows.getFloat("priority"),
                        rows.getDouble("probability"),
                        Rows.nullableLong(rows, "model_version_id"),
                        Rows.nullableFloats(rows, "model_probabilities"),
                        Rows.instant(rows, "served_at"),
                        Rows.instant(rows, "lease_until"),
                        rows.getString("state")));
            }
            return assignments;
        }
    }
}
