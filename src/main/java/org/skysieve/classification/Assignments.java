package org.skysieve.classification;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

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
    private static final String INSERT = """
            INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,
                                    model_version_id, model_probabilities, served_at, lease_until)
            SELECT nextval('assignment_seq'), n.workflow_id, n.candidate_id, n.volunteer_id, n.strategy, n.priority,
                   n.probability, n.model_version_id::bigint, n.model_probabilities::real[],
                   n.served_at::timestamptz, n.lease_until::timestamptz
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::real[], ?::double precision[],
                        ?::text[], ?::text[], ?::text[], ?::text[])
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
        long[] workflows = new long[n];
        long[] candidates = new long[n];
        long[] volunteers = new long[n];
        String[] strategies = new String[n];
        float[] priorities = new float[n];
        double[] probabilities = new double[n];
        @Nullable String[] models = new String[n];
        @Nullable String[] evidence = new String[n];
        String[] served = new String[n];
        String[] leases = new String[n];
        for (int i = 0; i < n; i++) {
            NewAssignment assignment = assignments.get(i);
            workflows[i] = assignment.workflowId();
            candidates[i] = assignment.candidateId();
            volunteers[i] = assignment.volunteerId();
            strategies[i] = assignment.strategy();
            priorities[i] = assignment.priority();
            probabilities[i] = assignment.probability();
            Long model = assignment.modelVersionId();
            models[i] = model == null ? null : model.toString();
            evidence[i] = literal(assignment.modelProbabilities());
            served[i] = assignment.servedAt().toString();
            leases[i] = assignment.leaseUntil().toString();
        }
        return sql.query(
                INSERT,
                Assignments::read,
                workflows,
                candidates,
                volunteers,
                strategies,
                priorities,
                probabilities,
                models,
                evidence,
                served,
                leases);
    }

    /** As PostgreSQL writes an array, {@code {0.25,0.75}}: unnest would flatten an array of arrays. */
    private static @Nullable String literal(float @Nullable [] values) {
        return values == null ? null : Arrays.toString(values).replace('[', '{').replace(']', '}');
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
