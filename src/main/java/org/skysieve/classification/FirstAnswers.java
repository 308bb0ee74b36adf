package org.skysieve.classification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.Intake.Row;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * Writes first answers, those that come at the same time together: one statement, one transaction, one commit. Nobody
 * waits for company. Whoever finds nobody writing writes at once what is there; who comes while somebody does is written
 * next, with all others that came meanwhile. So a batch is as large as the load makes it, and a vote is durable when its
 * call returns, as ever. One writer at a time: with two, batches are half as large, and a vote costs the database a sixth
 * more.
 *
 * <pre>
 *   vote -> waiting (bounded by the request threads) -> nobody writes: take up to 64, one of each person -> commit -> all told
 * </pre>
 *
 * <p>A batch holds at most one answer of a person: two transactions that write one row of each person cannot wait for
 * each other in a circle.
 */
@ApplicationScoped
class FirstAnswers {
    private static final int MOST = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NANOS = 100_000_000;

    private static final String INSERT = """
            WITH input AS (
                SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[],
                                     ?::timestamptz[], ?::boolean[])
                    AS n (client_id, workflow_id, candidate_id, volunteer_id, assignment_id, answer, elapsed_ms,
                          created_at, any_candidate)
            ), allowed AS (
                SELECT i.*, w.version, v.kind = 'guest' AS guest, a.id AS served_as, a.model_version_id,
                       a.model_probabilities
                FROM input i JOIN workflow w ON w.id = i.workflow_id JOIN volunteer v ON v.id = i.volunteer_id
                     LEFT JOIN assignment a ON a.volunteer_id = i.volunteer_id AND a.workflow_id = i.workflow_id
                                           AND a.candidate_id = i.candidate_id
                WHERE a.id = coalesce(i.assignment_id, a.id)
                   OR (a.id IS NULL AND i.assignment_id IS NULL AND i.any_candidate
                       AND EXISTS (SELECT FROM candidate c
                                   WHERE c.id = i.candidate_id AND c.project_id = w.project_id))
            ), inserted AS (
                INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,
                    guest, assignment_id, answer, supersedes, model_version_id, model_probabilities, elapsed_ms,
                    created_at, informed)
                SELECT nextval('classification_seq'), client_id, workflow_id, version, candidate_id, volunteer_id,
                    guest, served_as, answer::smallint, NULL, model_version_id, model_probabilities, elapsed_ms,
                    created_at, (SELECT true FROM gold_reveal r WHERE r.workflow_id = allowed.workflow_id
                        AND r.volunteer_id = allowed.volunteer_id AND r.candidate_id = allowed.candidate_id) IS NOT NULL
                FROM allowed
                ON CONFLICT DO NOTHING
                RETURNING %s
            ), noted AS (
                UPDATE assignment a SET state = 'answered' FROM inserted i WHERE a.id = i.assignment_id
            )
            SELECT * FROM inserted
            """.formatted(Intake.COLUMNS);

    /**
     * One answer on its way.
     *
     * @param at whole microseconds
     */
    record Vote(NewClassification wanted, long volunteerId, boolean anyCandidate, Instant at) {}

    /** An answer that is queued, and then what became of it. */
    private static final class Waiting {
        final Vote vote;
        final Thread thread = Thread.currentThread();
        volatile @Nullable Outcome outcome;

        Waiting(Vote vote) {
            this.vote = vote;
        }

        void settle(Outcome settled) {
            outcome = settled;
            LockSupport.unpark(thread);
        }
    }

    private record Outcome(@Nullable Row written, @Nullable RuntimeException failure) {}

    /** What makes a row of the log the answer to a vote. */
    private record Key(long volunteerId, UUID clientId) {}

    private final Sql sql;
    private final Deque<Waiting> queue = new ArrayDeque<>(); // bounded by the threads that serve requests
    private boolean writing;

    FirstAnswers(Sql sql) {
        this.sql = sql;
    }

    /**
     * Appends a first answer to the log, in a transaction of its own or shared with others.
     *
     * @return empty when nothing was written: not allowed, or there is an entry with this client id or of this person
     *     about this candidate already
     * @throws Problem 503 when its turn did not come in time
     */
    Optional<Row> write(Vote vote) {
        Waiting mine = new Waiting(vote);
        synchronized (queue) {
            queue.add(mine);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (mine.outcome == null) {
            List<Waiting> batch = takeBatch();
            if (!batch.isEmpty()) {
                try {
                    writeAll(batch);
                } finally {
                    leave();
                }
            } else if (mine.outcome == null) {
                // Woken when it is written or nobody writes any more; who is being written past the deadline waits for
                // that.
                LockSupport.parkNanos(this, Math.max(LOOK_AGAIN_NANOS, deadline - System.nanoTime()));
                if (System.nanoTime() >= deadline && giveUp(mine)) {
                    throw Problem.unavailable("the answer was not taken in within " + PATIENCE.toSeconds()
                            + " s; send it again with the same clientId");
                }
            }
        }
        Outcome outcome = mine.outcome;
        if (outcome.failure != null) {
            throw outcome.failure;
        }
        return Optional.ofNullable(outcome.written);
    }

    /** As {@link #write}, alone and within the caller's transaction. */
    Optional<Row> writeWithin(Vote vote) {
        return insert(List.of(vote)).stream().findFirst();
    }

    /** What to write now, as the one who writes; empty when somebody else does, or there is nothing. */
    private List<Waiting> takeBatch() {
        synchronized (queue) {
            if (writing || queue.isEmpty()) {
                return List.of();
            }
            writing = true;
            List<Waiting> batch = new ArrayList<>();
            Set<Long> people = new HashSet<>();
            for (Iterator<Waiting> all = queue.iterator(); all.hasNext() && batch.size() < MOST; ) {
                Waiting next = all.next();
                if (people.add(next.vote.volunteerId)) {
                    batch.add(next);
                    all.remove();
                }
            }
            return batch;
        }
    }

    /** Wakes who has waited longest to write what has come meanwhile. */
    private void leave() {
        synchronized (queue) {
            writing = false;
            Waiting next = queue.peek();
            if (next != null) {
                LockSupport.unpark(next.thread);
            }
        }
    }

    /**
     * Whether the answer was still queued behind somebody who writes: then nobody will write it. Where nobody does, its own
     * thread has been woken to, or the others would wait for it.
     */
    private boolean giveUp(Waiting mine) {
        synchronized (queue) {
            return writing && queue.remove(mine);
        }
    }

    private void writeAll(List<Waiting> batch) {
        try {
            List<Row> rows = insert(batch.stream().map(each -> each.vote).toList());
            Map<Key, Row> written = new HashMap<>();
            rows.forEach(row -> written.put(new Key(row.volunteerId(), row.clientId()), row));
            for (Waiting each : batch) {
                Vote vote = each.vote;
                each.settle(new Outcome(written.get(new Key(vote.volunteerId, vote.wanted.clientId())), null));
            }
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                batch.get(0).settle(new Outcome(null, e));
            } else {
                // One of them may be at fault: each for itself. Nothing of the batch was written.
                batch.forEach(each -> writeAll(List.of(each)));
            }
        } finally {
            // An Error must not leave anybody waiting.
            for (Waiting each : batch) {
                if (each.outcome == null) {
                    each.settle(new Outcome(null, Problem.unavailable("the answer was not taken in; send it again")));
                }
            }
        }
    }

    private List<Row> insert(List<Vote> votes) {
        int n = votes.size();
        UUID[] clients = new UUID[n];
        long[] workflows = new long[n];
        long[] candidates = new long[n];
        long[] volunteers = new long[n];
        @Nullable Long[] assignments = new Long[n];
        @Nullable Integer[] answers = new Integer[n];
        @Nullable Integer[] elapsed = new Integer[n];
        String[] times = new String[n];
        boolean[] any = new boolean[n];
        for (int i = 0; i < n; i++) {
            NewClassification wanted = votes.get(i).wanted;
            clients[i] = wanted.clientId();
            workflows[i] = wanted.workflowId();
            candidates[i] = wanted.candidateId();
            volunteers[i] = votes.get(i).volunteerId;
            assignments[i] = wanted.assignmentId();
            answers[i] = wanted.answer();
            elapsed[i] = wanted.elapsedMs();
            times[i] = votes.get(i).at.toString();
            any[i] = votes.get(i).anyCandidate;
        }
        return sql.query(
                INSERT,
                Row::read,
                clients,
                workflows,
                candidates,
                volunteers,
                assignments,
                answers,
                elapsed,
                times,
                any);
    }
}
