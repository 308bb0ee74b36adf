package org.skysieve.classification;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * Takes classifications in. What {@link #record} has returned is durable and counts once.
 *
 * <p>The entries of one person about one candidate in one workflow form a chain: a first answer, then edits and
 * withdrawals, each superseding the one before. Its last entry, the head, stands. Two unique indexes keep it a chain
 * under any concurrency: one first answer, and one successor for each entry.
 *
 * <p>The usual case is one SQL statement, which is its own transaction: it checks, writes the entry and closes the
 * assignment, and its commit is the only wait. First answers that come at the same moment share it ({@link FirstAnswers}).
 * Only when it wrote nothing are the reasons looked up.
 */
@ApplicationScoped
public class Intake {
    /** The doorbell that rings when the log has grown. */
    public static final String TOPIC = "classification";

    /** Each attempt fails only if the volunteer's own chain moved meanwhile, in another tab. */
    private static final int MAX_ATTEMPTS = 4;

    static final String COLUMNS = "id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
            + " assignment_id, answer, supersedes, elapsed_ms, created_at";
    // written_by: this transaction must come after the one it supersedes, in the order of the log. Ids of transactions
    // are taken late, so that is the rule; where planning took it too early, the entry is not written and tried again.
    private static final String NEXT_ANSWER = """
            WITH input AS (
                SELECT ?::uuid AS client_id, ?::bigint AS workflow_id, ?::bigint AS candidate_id,
                       ?::bigint AS volunteer_id, ?::bigint AS assignment_id, ?::smallint AS answer,
                       ?::bigint AS supersedes, ?::int AS elapsed_ms, ?::timestamptz AS created_at
            ), allowed AS (
                SELECT i.*, w.version, v.kind = 'guest' AS guest, p.assignment_id AS served_as, p.model_version_id,
                       p.model_probabilities
                FROM input i JOIN workflow w ON w.id = i.workflow_id JOIN volunteer v ON v.id = i.volunteer_id
                     JOIN classification p ON p.id = i.supersedes AND p.volunteer_id = i.volunteer_id
                                          AND p.workflow_id = i.workflow_id AND p.candidate_id = i.candidate_id
                WHERE (i.answer IS NOT NULL OR p.answer IS NOT NULL)
                  AND (i.assignment_id IS NULL OR i.assignment_id = p.assignment_id)
                  AND p.written_by <= pg_current_xact_id()
            ), inserted AS (
                INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,
                    guest, assignment_id, answer, supersedes, model_version_id, model_probabilities, elapsed_ms,
                    created_at, informed)
                SELECT nextval('classification_seq'), client_id, workflow_id, version, candidate_id, volunteer_id,
                    guest, served_as, answer, supersedes, model_version_id, model_probabilities, elapsed_ms, created_at,
                    (SELECT true FROM gold_reveal r WHERE r.workflow_id = allowed.workflow_id
                        AND r.volunteer_id = allowed.volunteer_id AND r.candidate_id = allowed.candidate_id) IS NOT NULL
                FROM allowed
                ON CONFLICT DO NOTHING
                RETURNING %s
            ), noted AS (
                UPDATE assignment a SET state = CASE WHEN i.answer IS NULL THEN 'open' ELSE 'answered' END
                FROM inserted i WHERE a.id = i.assignment_id
            )
            SELECT * FROM inserted
            """.formatted(COLUMNS);

    private static final String BY_CLIENT_ID =
            "SELECT " + COLUMNS + " FROM classification WHERE volunteer_id = ? AND client_id = ?";
    private static final String HEAD = "SELECT " + COLUMNS
            + " FROM classification c WHERE volunteer_id = ? AND workflow_id = ? AND candidate_id = ?"
            + " AND NOT EXISTS (SELECT FROM classification n WHERE n.supersedes = c.id)";
    private static final String BY_ID = "SELECT " + COLUMNS + " FROM classification WHERE id = ?";
    private static final String ASSIGNED =
            "SELECT id FROM assignment WHERE volunteer_id = ? AND workflow_id = ? AND candidate_id = ?";
    private static final String CANDIDATE_OFFERED =
            "SELECT 1 FROM candidate c JOIN workflow w" + " ON w.project_id = c.project_id WHERE c.id = ? AND w.id = ?";

    /** Which candidates a person may classify. */
    public enum Reach {
        /** Those served to them, now or ever. */
        SERVED,
        /** All of the workflow's project: for scientists and above. */
        ANY
    }

    /**
     * What became of a classification.
     *
     * @param created false when the same act had been recorded before
     */
    public record Receipt(ClassificationView classification, boolean created) {}

    private final Sql sql;
    private final FirstAnswers firstAnswers;
    private final TransactionSynchronizationRegistry transaction;
    private final Doorbell doorbell;
    private final AnswerKeys answerKeys;
    private final Clock clock;
    private final Timer timer;

    Intake(
            Sql sql,
            FirstAnswers firstAnswers,
            TransactionSynchronizationRegistry transaction,
            Doorbell doorbell,
            AnswerKeys answerKeys,
            Clock clock,
            MeterRegistry metrics) {
        this.sql = sql;
        this.firstAnswers = firstAnswers;
        this.transaction = transaction;
        this.doorbell = doorbell;
        this.answerKeys = answerKeys;
        this.clock = clock;
        this.timer = Timer.builder("skysieve.classification.record")
                .description("Time to take in one classification, its commit included")
                .publishPercentileHistogram()
                .register(metrics);
    }

    /** As {@link #record(NewClassification, long, Reach)}, for candidates that were served to the volunteer. */
    public Receipt record(NewClassification classification, long volunteerId) {
        return record(classification, volunteerId, Reach.SERVED);
    }

    /**
     * Appends an entry to the log. Outside a transaction it is durable on return. A first answer by somebody whose
     * head is a withdrawal supersedes it.
     *
     * @throws Problem 400 for an answer that the workflow does not have; 403 for a candidate that was not served; 404
     *     for an unknown workflow, or an entry or assignment that is not the volunteer's; 409 for a second first answer,
     *     an entry that is superseded or withdrawn already, or a client id used for something else
     */
    public Receipt record(NewClassification classification, long volunteerId, Reach reach) {
        long start = System.nanoTime();
        try {
            return attempt(classification, volunteerId, reach);
        } finally {
            timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private Receipt attempt(NewClassification wanted, long volunteerId, Reach reach) {
        List<String> keys = answerKeys.of(wanted.workflowId());
        Integer answer = wanted.answer();
        if (answer != null && (answer < 0 || answer >= keys.size())) {
            throw Problem.badField("answer", "got class " + answer + ", need 0.." + (keys.size() - 1));
        }
        NewClassification next = wanted;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Row> inserted = insert(next, volunteerId, reach);
            if (inserted.isPresent()) {
                doorbell.ring(TOPIC);
                return new Receipt(inserted.get().view(keys), true);
            }
            Optional<Row> recorded = sql.first(BY_CLIENT_ID, Row::read, volunteerId, wanted.clientId());
            if (recorded.isPresent()) {
                return new Receipt(sameAct(wanted, recorded.get()).view(keys), false);
            }
            next = wanted.supersedes() == null
                    ? afterWithdrawal(wanted, volunteerId, reach)
                    : checkedSuccessor(wanted, wanted.supersedes(), volunteerId);
        }
        throw Problem.unavailable("candidate " + wanted.candidateId()
                + ": your answers to it kept changing while this one came in; send it again");
    }

    private Optional<Row> insert(NewClassification wanted, long volunteerId, Reach reach) {
        // What PostgreSQL keeps, so that a retry reads the same time.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (wanted.supersedes() == null) {
            FirstAnswers.Vote vote = new FirstAnswers.Vote(wanted, volunteerId, reach == Reach.ANY, now);
            boolean alone = transaction.getTransactionStatus() != Status.STATUS_NO_TRANSACTION;
            return alone ? firstAnswers.writeWithin(vote) : firstAnswers.write(vote);
        }
        return sql.first(
                NEXT_ANSWER,
                Row::read,
                wanted.clientId(),
                wanted.workflowId(),
                wanted.candidateId(),
                volunteerId,
                wanted.assignmentId(),
                wanted.answer(),
                wanted.supersedes(),
                wanted.elapsedMs(),
                now);
    }

    /** The entry recorded under this client id, if it is the same act. */
    private static Row sameAct(NewClassification wanted, Row recorded) {
        boolean same = recorded.workflowId == wanted.workflowId()
                && recorded.candidateId == wanted.candidateId()
                && Objects.equals(recorded.answer, wanted.answer())
                // A first answer may have been linked to the withdrawal before it.
                && (wanted.supersedes() == null || Objects.equals(recorded.supersedes, wanted.supersedes()));
        if (!same) {
            throw Problem.conflict("clientId " + wanted.clientId() + " was used before, for classification "
                            + recorded.id + ": make a new one for each act")
                    .with("earlierId", Long.toString(recorded.id));
        }
        return recorded;
    }

    /** Why a first answer was not written, or the way on: to supersede the withdrawal at the head of the chain. */
    private NewClassification afterWithdrawal(NewClassification wanted, long volunteerId, Reach reach) {
        Optional<Row> head = head(wanted, volunteerId);
        if (head.isPresent()) {
            if (head.get().answer == null) {
                return wanted.superseding(head.get().id);
            }
            throw Problem.conflict("you classified candidate " + wanted.candidateId() + " before, as classification "
                            + head.get().id + ": supersede that one to change it")
                    .with("earlierId", Long.toString(head.get().id));
        }
        Optional<Long> assigned =
                sql.first(ASSIGNED, row -> row.getLong(1), volunteerId, wanted.workflowId(), wanted.candidateId());
        Long named = wanted.assignmentId();
        if (named != null && !assigned.equals(Optional.of(named))) {
            throw noSuchAssignment(wanted, named);
        }
        if (assigned.isEmpty()) {
            if (reach == Reach.SERVED) {
                throw Problem.forbidden("candidate " + wanted.candidateId() + " was not served to you in workflow "
                        + wanted.workflowId() + ": answer those that POST /api/v1/workflows/" + wanted.workflowId()
                        + "/assignments gives you");
            }
            if (sql.first(CANDIDATE_OFFERED, row -> 1, wanted.candidateId(), wanted.workflowId())
                    .isEmpty()) {
                throw Problem.notFound("no candidate " + wanted.candidateId() + " in workflow " + wanted.workflowId());
            }
        }
        return wanted;
    }

    /** Why an edit or a withdrawal was not written; if there is no reason, it may be tried again. */
    private NewClassification checkedSuccessor(NewClassification wanted, long supersedes, long volunteerId) {
        Row prior = sql.first(BY_ID, Row::read, supersedes)
                .filter(row -> row.volunteerId == volunteerId)
                .orElseThrow(() -> Problem.notFound("no classification " + supersedes + " of yours to supersede"));
        if (prior.workflowId != wanted.workflowId() || prior.candidateId != wanted.candidateId()) {
            throw Problem.conflict("classification " + supersedes + " is about candidate " + prior.candidateId
                    + " in workflow " + prior.workflowId + ", not " + wanted.candidateId() + " in "
                    + wanted.workflowId());
        }
        long head = head(wanted, volunteerId).map(row -> row.id).orElse(supersedes);
        if (head != supersedes) {
            throw Problem.conflict("classification " + supersedes + " was superseded already; " + head + " stands now")
                    .with("headId", Long.toString(head));
        }
        if (prior.answer == null && wanted.answer() == null) {
            throw Problem.conflict("classification " + supersedes + " is a withdrawal already");
        }
        Long named = wanted.assignmentId();
        if (named != null && !named.equals(prior.assignmentId)) {
            throw noSuchAssignment(wanted, named);
        }
        return wanted;
    }

    private static Problem noSuchAssignment(NewClassification wanted, long assignmentId) {
        return Problem.notFound("no assignment " + assignmentId + " of yours for candidate " + wanted.candidateId()
                + " in workflow " + wanted.workflowId());
    }

    private Optional<Row> head(NewClassification wanted, long volunteerId) {
        return sql.first(HEAD, Row::read, volunteerId, wanted.workflowId(), wanted.candidateId());
    }

    /** An entry, if there is one. */
    Optional<ClassificationView> find(long classificationId) {
        return sql.first(BY_ID, Row::read, classificationId).map(row -> row.view(answerKeys.of(row.workflowId)));
    }

    /**
     * A volunteer's own entries, the newest first.
     *
     * @param workflowId only those of this workflow, or null for all
     * @param before only ids below this
     * @param standing only answers that still count
     */
    public List<ClassificationView> ofVolunteer(
            long volunteerId, @Nullable Long workflowId, long before, int limit, boolean standing) {
        String statement = "SELECT " + COLUMNS + " FROM classification c WHERE volunteer_id = ? AND id < ?"
                + (workflowId == null ? "" : " AND workflow_id = ?")
                + (standing
                        ? " AND answer IS NOT NULL"
                                + " AND NOT EXISTS (SELECT FROM classification n WHERE n.supersedes = c.id)"
                        : "")
                + " ORDER BY id DESC LIMIT ?";
        List<Row> rows = workflowId == null
                ? sql.query(statement, Row::read, volunteerId, before, limit)
                : sql.query(statement, Row::read, volunteerId, before, workflowId, limit);
        return rows.stream().map(row -> row.view(answerKeys.of(row.workflowId))).toList();
    }

    /** An entry of the log. */
    record Row(
            long id,
            UUID clientId,
            long workflowId,
            int workflowVersion,
            long candidateId,
            long volunteerId,
            @Nullable Long assignmentId,
            @Nullable Integer answer,
            @Nullable Long supersedes,
            @Nullable Integer elapsedMs,
            Instant createdAt) {

        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("id"),
                    row.getObject("client_id", UUID.class),
                    row.getLong("workflow_id"),
                    row.getInt("workflow_version"),
                    row.getLong("candidate_id"),
                    row.getLong("volunteer_id"),
                    Sql.longOrNull(row, "assignment_id"),
                    Sql.intOrNull(row, "answer"),
                    Sql.longOrNull(row, "supersedes"),
                    Sql.intOrNull(row, "elapsed_ms"),
                    Sql.instant(row, "created_at"));
        }

        ClassificationView view(List<String> keys) {
            return new ClassificationView(
                    id,
                    clientId,
                    workflowId,
                    workflowVersion,
                    candidateId,
                    volunteerId,
                    assignmentId,
                    answer == null ? null : keys.get(answer),
                    supersedes,
                    elapsedMs,
                    createdAt);
        }
    }
}
