package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.Assignments;
import org.skysieve.engine.select.Arm;
import org.skysieve.platform.Sql;

/**
 * What can be served to somebody: every statement on the way from the queue to an assignment. None of them sorts or
 * skips: the best come by the partial index from a keyset position on, places on a shuffled line by the two others.
 */
@ApplicationScoped
class OpenWork {
    // The same words as in the partial indexes, or the planner does not take them.
    private static final String RANKED = "q.open AND NOT q.evaluation";
    private static final String UNBEGUN = "q.open AND q.evaluation AND q.votes = 0";
    private static final String BEGUN = "q.open AND q.evaluation AND q.votes > 0";
    private static final String FREE = " AND (q.leased_until IS NULL OR q.leased_until <= ?)";
    // The person may have voted on it without having been served it, from the candidate's page. Scalar subqueries (of a
    // unique index, so one row at most) stay probes, one an entry. NOT EXISTS becomes a join: with one assignment
    // estimated and 20,000 there, the planner compares every entry with every assignment.
    private static final String UNSEEN = " AND (SELECT a.id FROM assignment a WHERE a.volunteer_id = ?"
            + " AND a.workflow_id = q.workflow_id AND a.candidate_id = q.candidate_id) IS NULL"
            + " AND (SELECT c.id FROM classification c WHERE c.volunteer_id = ?"
            + " AND c.workflow_id = q.workflow_id AND c.candidate_id = q.candidate_id AND c.supersedes IS NULL) IS NULL";
    private static final String COLUMNS =
            "SELECT q.candidate_id, q.priority AS key, q.evaluation, q.votes FROM queue_entry q WHERE q.workflow_id = ?";
    /** With "free" off the time is far in the future: one text for both, so that the driver prepares it once. */
    private static final Instant ALL_LEASES = Instant.parse("9999-01-01T00:00:00Z");

    private static final int COUNTED = 4096;

    private static final String WINDOW = COLUMNS.replace("q.priority", "q.%1$s") + " AND %2$s"
            + " AND (q.%1$s, q.candidate_id) < (?::real, ?)" + FREE + UNSEEN
            + " ORDER BY q.%1$s DESC, q.candidate_id DESC LIMIT ?";
    private static final String UNSEEN_OPEN = COLUMNS + " AND q.candidate_id = ANY(?) AND q.open" + FREE + UNSEEN;
    private static final String STRETCH =
            " AND q.shuffle >= ? AND q.shuffle < ?" + FREE + UNSEEN + " ORDER BY q.shuffle, q.candidate_id LIMIT ?";

    /** A key that the queue is ordered by: the four of a workflow's mix, and the showcase's. */
    enum Key {
        PRIORITY("priority", RANKED),
        RANK2("rank2", RANKED + " AND q.rank2 IS NOT NULL"),
        RANK3("rank3", RANKED + " AND q.rank3 IS NOT NULL"),
        RANK4("rank4", RANKED + " AND q.rank4 IS NOT NULL"),
        SHOWCASE("showcase", RANKED + " AND q.showcase IS NOT NULL");

        private final String window;

        Key(String column, String condition) {
            window = WINDOW.formatted(column, condition);
        }

        /** @param column as in {@link Ranking.Rank#column()} */
        static Key of(int column) {
            return values()[column];
        }
    }

    /** What can be drawn from uniformly: a set of open candidates, each with its place on [0, 1). */
    enum Line {
        /** The evaluation sample, as far as nobody has voted on it. */
        UNBEGUN(OpenWork.UNBEGUN),
        /** The rest of the evaluation sample. */
        BEGUN(OpenWork.BEGUN),
        /** All that is outside of the evaluation sample. */
        QUEUE(RANKED);

        private final String stretch;
        private final String inStretches;
        private final String count;

        /** Whether an open candidate lies on it. */
        boolean holds(Entry entry) {
            return switch (this) {
                case UNBEGUN -> entry.evaluation && entry.votes == 0;
                case BEGUN -> entry.evaluation && entry.votes > 0;
                case QUEUE -> !entry.evaluation;
            };
        }

        Line(String condition) {
            stretch = COLUMNS + " AND " + condition + STRETCH;
            inStretches =
                    "SELECT e.candidate_id FROM unnest(?::double precision[]) AS s (beginning) CROSS JOIN LATERAL ("
                            + "SELECT q.candidate_id FROM queue_entry q WHERE q.workflow_id = ? AND " + condition
                            + " AND q.shuffle >= s.beginning AND q.shuffle < s.beginning + ?"
                            + " ORDER BY q.shuffle, q.candidate_id LIMIT ?) AS e";
            count =
                    "SELECT count(*), max(shuffle) FROM (SELECT q.shuffle FROM queue_entry q WHERE q.workflow_id = ? AND "
                            + condition + " ORDER BY q.shuffle, q.candidate_id LIMIT " + COUNTED + ") AS first";
        }
    }

    private static final String LOCK = """
            SELECT q.candidate_id FROM queue_entry q
            WHERE q.workflow_id = ? AND q.candidate_id = ANY(?) AND q.open
              AND (q.leased_until IS NULL OR q.leased_until <= ?)
            ORDER BY q.candidate_id FOR UPDATE SKIP LOCKED
            """;

    private static final String HELD = """
            SELECT held.*, coalesce((SELECT q.open FROM queue_entry q WHERE q.workflow_id = held.workflow_id
                                     AND q.candidate_id = held.candidate_id), false) AS wanted
            FROM (SELECT %1$s, false AS over FROM assignment
                  WHERE volunteer_id = ? AND workflow_id = ? AND state = 'open' AND lease_until > ?
                  UNION ALL
                  (SELECT %1$s, true AS over FROM assignment
                   WHERE volunteer_id = ? AND workflow_id = ? AND state = 'open' AND lease_until <= ? LIMIT 1)) AS held
            ORDER BY held.id
            """.formatted(Assignments.COLUMNS);

    // The caller holds the locks of the candidates, so what is counted here stays so until the commit: it must be a
    // statement of its own, after theirs, or it would count what was there before them.
    private static final String GIVE = """
            WITH wanted AS (
                SELECT n.*, CASE WHEN n.strategy = 'gold' THEN 0 ELSE
                       (SELECT count(*) FROM classification c
                        WHERE c.candidate_id = n.candidate_id AND c.workflow_id = ? AND c.answer IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id))
                     + (SELECT count(*) FROM assignment a
                        WHERE a.workflow_id = ? AND a.candidate_id = n.candidate_id AND a.state = 'open'
                          AND a.lease_until > ?) END AS claims
                FROM unnest(?::bigint[], ?::text[], ?::real[], ?::double precision[])
                     WITH ORDINALITY AS n (candidate_id, strategy, priority, probability, place)
            ), given AS (
                INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,
                                        model_version_id, model_probabilities, served_at, lease_until)
                SELECT nextval('assignment_seq'), ?, w.candidate_id, ?, w.strategy, w.priority, w.probability,
                       s.model_version_id, s.probabilities, ?, ?
                FROM wanted w LEFT JOIN score s ON s.workflow_id = ? AND s.candidate_id = w.candidate_id
                WHERE w.claims < ?
                ORDER BY w.place
                ON CONFLICT DO NOTHING
                RETURNING %s
            ), leased AS (
                UPDATE queue_entry q SET leased_until = greatest(q.leased_until, g.lease_until) FROM given g
                WHERE g.strategy <> 'gold' AND q.workflow_id = g.workflow_id AND q.candidate_id = g.candidate_id
            )
            SELECT * FROM given ORDER BY id
            """.formatted(Assignments.COLUMNS);

    private static final String CLAIMS = """
            SELECT wanted.id,
                   (SELECT count(*) FROM classification c
                    WHERE c.candidate_id = wanted.id AND c.workflow_id = ? AND c.answer IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)) AS votes,
                   (SELECT count(*) FROM assignment a
                    WHERE a.workflow_id = ? AND a.candidate_id = wanted.id AND a.state = 'open'
                      AND a.lease_until > ?) AS leases
            FROM unnest(?) AS wanted (id)
            """;

    private static final String RENEW = """
            UPDATE assignment a SET lease_until = ?, state = 'open'
            FROM (SELECT q.candidate_id, mine.id
                  FROM assignment mine JOIN queue_entry q
                       ON q.workflow_id = mine.workflow_id AND q.candidate_id = mine.candidate_id
                  WHERE mine.volunteer_id = ? AND mine.workflow_id = ? AND (mine.strategy = 'showcase') = ? AND %s
                    AND (q.open OR mine.strategy = 'gold') AND (q.leased_until IS NULL OR q.leased_until <= ?)
                    AND q.votes < ?
                  ORDER BY mine.id LIMIT ? FOR UPDATE OF q SKIP LOCKED) AS free
            WHERE a.id = free.id
            RETURNING a.id, a.candidate_id, a.strategy
            """;
    private static final String RENEW_EXPIRED = RENEW.formatted("mine.state = 'open' AND mine.lease_until <= ?");
    private static final String RENEW_RELEASED = RENEW.formatted("mine.state = 'released' AND mine.served_at <= ?");

    private final Sql sql;

    OpenWork(Sql sql) {
        this.sql = sql;
    }

    /**
     * A candidate that can be served.
     *
     * @param key the one that it was found by; {@code priority} on a {@link Line}
     */
    record Entry(long candidateId, float key, boolean evaluation, int votes) {
        static Entry read(ResultSet row) throws SQLException {
            return new Entry(
                    row.getLong("candidate_id"),
                    row.getFloat("key"),
                    row.getBoolean("evaluation"),
                    row.getInt("votes"));
        }
    }

    /** A place in the order of a key. */
    record Position(float key, long candidateId) {}

    /** Votes that count and leases that run, of one candidate, at this moment. */
    record Claims(int votes, int leases) {
        int total() {
            return votes + leases;
        }
    }

    /**
     * Begins a request, once in its transaction. Serialises those of one person in one workflow until the transaction
     * ends: two tabs are one person. And has the planner walk the indexes that are there for it: right after a large
     * ingest it knows nothing of the new rows, and would sort 200,000 of them for 64 (5 s instead of 5 ms). There is nothing
     * to choose then, so one plan serves all parameters: planning anew costs more than most of these statements.
     */
    void begin(long workflowId, long volunteerId) {
        sql.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('selection', hashint8extended(?, ?))),"
                        + " set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),"
                        + " set_config('enable_seqscan', 'off', true),"
                        + " set_config('plan_cache_mode', 'force_generic_plan', true)",
                row -> true,
                volunteerId,
                workflowId);
    }

    /**
     * The best candidates that this person has not seen, below a position.
     *
     * @param below the place after which to go on, or null for the top
     * @param now with a time: only those on which nobody holds a lease then; null: all
     */
    List<Entry> window(
            Key key, long workflowId, long volunteerId, @Nullable Position below, @Nullable Instant now, int limit) {
        return sql.query(
                key.window,
                Entry::read,
                workflowId,
                below == null ? Float.POSITIVE_INFINITY : below.key,
                below == null ? Long.MAX_VALUE : below.candidateId,
                now == null ? ALL_LEASES : now,
                volunteerId,
                volunteerId,
                limit);
    }

    /** As {@link #window}, those with places on a line in {@code [from, to)}. */
    List<Entry> stretch(
            Line line, long workflowId, long volunteerId, double from, double to, @Nullable Instant now, int limit) {
        return sql.query(
                line.stretch,
                Entry::read,
                workflowId,
                from,
                to,
                now == null ? ALL_LEASES : now,
                volunteerId,
                volunteerId,
                limit);
    }

    /**
     * All that lies on several parts of a line of the same width, seen or not, held or not; twice where parts overlap.
     *
     * @param beginnings the parts below 0 and above 1 are empty
     * @param limit of each part
     */
    List<Long> inStretches(Line line, long workflowId, double[] beginnings, double width, int limit) {
        return sql.query(line.inStretches, row -> row.getLong(1), beginnings, workflowId, width, limit);
    }

    /** Those among {@code candidateIds} that are open and that this person has not seen; {@code now} as above. */
    List<Entry> unseenOpen(long workflowId, long volunteerId, Collection<Long> candidateIds, @Nullable Instant now) {
        return sql.query(
                UNSEEN_OPEN,
                Entry::read,
                workflowId,
                candidateIds,
                now == null ? ALL_LEASES : now,
                volunteerId,
                volunteerId);
    }

    /**
     * How many candidates a line holds: exact below {@value #COUNTED}; above, from how far on the line the first
     * {@value #COUNTED} places reach, with a standard error of 1.6 %. Counting 200,000 would take a request's whole time.
     */
    int count(Line line, long workflowId) {
        return sql.one(
                line.count,
                row -> row.getInt(1) < COUNTED ? row.getInt(1) : (int) Math.round((COUNTED - 1) / row.getDouble(2)),
                workflowId);
    }

    boolean anyOpen(long workflowId) {
        return sql.one(
                "SELECT EXISTS (SELECT 1 FROM queue_entry WHERE workflow_id = ? AND open)",
                row -> row.getBoolean(1),
                workflowId);
    }

    /**
     * Locks candidates until the transaction ends.
     *
     * @return those that are still open, free at {@code now} (null: or not) and not being served to somebody else
     */
    Set<Long> lock(long workflowId, Collection<Long> candidateIds, @Nullable Instant now) {
        return new HashSet<>(
                sql.query(LOCK, row -> row.getLong(1), workflowId, candidateIds, now == null ? ALL_LEASES : now));
    }

    /** Votes and running leases, read afresh: the queue's own count lags behind the log. */
    Map<Long, Claims> claims(long workflowId, Collection<Long> candidateIds, Instant now) {
        Map<Long, Claims> claims = new HashMap<>();
        sql.query(
                CLAIMS,
                row -> claims.put(row.getLong("id"), new Claims(row.getInt("votes"), row.getInt("leases"))),
                workflowId,
                workflowId,
                now,
                candidateIds);
        return claims;
    }

    void lease(long workflowId, Collection<Long> candidateIds, Instant until) {
        sql.update(
                "UPDATE queue_entry SET leased_until = greatest(leased_until, ?)"
                        + " WHERE workflow_id = ? AND candidate_id = ANY(?)",
                until,
                workflowId,
                candidateIds);
    }

    /**
     * What somebody was served and has not answered.
     *
     * @param running oldest first; without those whose candidate has been settled meanwhile: a vote there would be wasted
     * @param ranOut whether there are others, whose lease is over
     */
    record Held(List<AssignmentView> running, boolean ranOut) {}

    Held held(long workflowId, long volunteerId, Instant now) {
        List<AssignmentView> running = new ArrayList<>();
        boolean[] ranOut = new boolean[1];
        sql.query(
                HELD,
                row -> {
                    AssignmentView each = Assignments.read(row);
                    if (row.getBoolean("over")) {
                        ranOut[0] = true;
                    } else if (row.getBoolean("wanted") || each.strategy().equals(Arm.GOLD.key())) {
                        running.add(each);
                    }
                    return each;
                },
                volunteerId,
                workflowId,
                now,
                volunteerId,
                workflowId,
                now);
        return new Held(running, ranOut[0]);
    }

    /**
     * Serves candidates to somebody: one assignment each, with what the model says of it, and a lease. The caller has locked
     * them ({@link #lock}), gold standards excepted.
     *
     * @param choices all different
     * @return those that were written, in the given order; what is at its quota, or was served to this person before, is left
     *     out
     */
    List<AssignmentView> give(
            long workflowId, long volunteerId, List<Offers.Choice> choices, Instant now, Instant until, int maxVotes) {
        int n = choices.size();
        long[] candidates = new long[n];
        String[] strategies = new String[n];
        float[] priorities = new float[n];
        double[] probabilities = new double[n];
        for (int i = 0; i < n; i++) {
            Offers.Choice choice = choices.get(i);
            candidates[i] = choice.candidateId();
            strategies[i] = choice.arm().key();
            priorities[i] = choice.priority();
            probabilities[i] = choice.probability();
        }
        return sql.query(
                GIVE,
                Assignments::read,
                workflowId,
                workflowId,
                now,
                candidates,
                strategies,
                priorities,
                probabilities,
                workflowId,
                volunteerId,
                now,
                until,
                workflowId,
                maxVotes);
    }

    /** What a person has been served in a workflow so far. */
    record Served(int all, int gold) {}

    Served served(long workflowId, long volunteerId) {
        return sql.one(
                "SELECT count(*), count(*) FILTER (WHERE strategy = 'gold') FROM assignment"
                        + " WHERE volunteer_id = ? AND workflow_id = ?",
                row -> new Served(row.getInt(1), row.getInt(2)),
                volunteerId,
                workflowId);
    }

    /**
     * The gold standards among {@code candidateIds} that can still measure this person: neither served, nor voted on, nor
     * shown as what they are.
     */
    Set<Long> unseen(long workflowId, long volunteerId, Collection<Long> candidateIds) {
        return new HashSet<>(sql.query(
                """
                SELECT wanted.id FROM unnest(?) AS wanted (id)
                WHERE NOT EXISTS (SELECT 1 FROM assignment a
                                  WHERE a.volunteer_id = ? AND a.workflow_id = ? AND a.candidate_id = wanted.id)
                  AND NOT EXISTS (SELECT 1 FROM classification c WHERE c.volunteer_id = ? AND c.workflow_id = ?
                                  AND c.candidate_id = wanted.id AND c.supersedes IS NULL)
                  AND NOT EXISTS (SELECT FROM gold_reveal r WHERE r.workflow_id = ? AND r.volunteer_id = ?
                                  AND r.candidate_id = wanted.id)
                """,
                row -> row.getLong(1),
                candidateIds,
                volunteerId,
                workflowId,
                volunteerId,
                workflowId,
                workflowId,
                volunteerId));
    }

    /**
     * Gives a person what they were served before, did not answer, and nobody else is working on.
     *
     * @param showcase what came by the showcase; else all the rest
     * @param released those that they gave back; else those whose lease ran out
     * @return how many leases run again
     */
    int renew(
            long workflowId,
            long volunteerId,
            boolean showcase,
            boolean released,
            Instant now,
            Instant until,
            int maxVotes,
            int limit) {
        List<Long> renewed = sql.query(
                released ? RENEW_RELEASED : RENEW_EXPIRED,
                row -> row.getLong("candidate_id"),
                until,
                volunteerId,
                workflowId,
                showcase,
                now,
                now,
                maxVotes,
                limit);
        if (!renewed.isEmpty()) {
            lease(workflowId, renewed, until);
        }
        return renewed.size();
    }
}
