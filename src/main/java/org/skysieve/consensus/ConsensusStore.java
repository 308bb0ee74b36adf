package org.skysieve.consensus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.LogPosition;
import org.skysieve.consensus.WorkflowConsensus.Changes;
import org.skysieve.consensus.WorkflowConsensus.Standing;
import org.skysieve.consensus.WorkflowConsensus.Step;
import org.skysieve.engine.consensus.ConsensusSnapshot.CandidateState;
import org.skysieve.engine.consensus.RetirementRule;
import org.skysieve.engine.consensus.VolunteerReliability;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Reads and writes what the consensus derives from the log. */
@ApplicationScoped
class ConsensusStore {
    private static final int FETCH = 2_000;
    private static final int MOST_ROWS = 1_000;

    private final Sql sql;
    private final Workflows workflows;

    ConsensusStore(Sql sql, Workflows workflows) {
        this.sql = sql;
        this.workflows = workflows;
    }

    /** How far a workflow's log is applied. */
    record Place(LogPosition log, long position, StateCodec.Progress progress) {
        static final Place START = new Place(LogPosition.START, 0, StateCodec.Progress.NONE);
    }

    /** A gold standard that waits for its place in the order. */
    record PendingGold(long id, long candidate, int answer) {}

    /**
     * Workflows with final entries or gold standards not yet applied, or of which somebody wants a refit. Asks for the first
     * in the order of the index: EXISTS has the planner look through the whole log for one that the condition lets pass.
     */
    List<Long> withWork() {
        return sql.query("""
                SELECT w.id FROM workflow w LEFT JOIN consensus_cursor k ON k.workflow_id = w.id
                WHERE (SELECT c.id FROM classification c WHERE c.workflow_id = w.id
                       AND (c.written_by, c.id) > (coalesce(k.written_by, '0'::xid8), coalesce(k.id, 0))
                       AND c.written_by < pg_snapshot_xmin(pg_current_snapshot())
                       ORDER BY c.workflow_id, c.written_by, c.id LIMIT 1) IS NOT NULL
                   OR EXISTS (SELECT 1 FROM consensus_gold_inbox g WHERE g.workflow_id = w.id)
                   OR k.refit_wanted > k.refit_done
                ORDER BY w.id
                """, row -> row.getLong(1));
    }

    /** Asks for a refit and says by which number it is known. */
    long wantRefit(long workflowId) {
        return sql.one(
                "INSERT INTO consensus_cursor AS k (workflow_id, written_by, id, position, refit_wanted)"
                        + " VALUES (?, '0'::xid8, 0, 0, 1) ON CONFLICT (workflow_id) DO UPDATE"
                        + " SET refit_wanted = k.refit_wanted + 1 RETURNING refit_wanted",
                row -> row.getLong(1),
                workflowId);
    }

    /**
     * The numbers of refits.
     *
     * @param wanted the last that was asked for
     * @param done all up to this one are made
     */
    record Refits(long wanted, long done) {
        boolean due() {
            return wanted > done;
        }
    }

    Refits refits(long workflowId) {
        return sql.first(
                        "SELECT refit_wanted, refit_done FROM consensus_cursor WHERE workflow_id = ?",
                        row -> new Refits(row.getLong(1), row.getLong(2)),
                        workflowId)
                .orElse(new Refits(0, 0));
    }

    void refitDone(long workflowId, long number) {
        sql.update("UPDATE consensus_cursor SET refit_done = ? WHERE workflow_id = ?", number, workflowId);
    }

    Place place(long workflowId) {
        return sql.first(
                        "SELECT written_by::text AS written_by, id, position, state FROM consensus_cursor"
                                + " WHERE workflow_id = ?",
                        row -> {
                            byte[] state = row.getBytes("state");
                            return new Place(
                                    new LogPosition(Long.parseLong(row.getString("written_by")), row.getLong("id")),
                                    row.getLong("position"),
                                    state == null ? StateCodec.Progress.NONE : StateCodec.readProgress(state));
                        },
                        workflowId)
                .orElse(Place.START);
    }

    /** When candidates retire in each version of a workflow, remembered: versions never change. */
    IntFunction<RetirementRule> rulesOf(long workflowId) {
        Map<Integer, RetirementRule> known = new HashMap<>();
        return version -> known.computeIfAbsent(
                version,
                v -> workflows
                        .version(workflowId, v)
                        .map(workflow -> EngineRules.of(workflow.rules(), workflow.answers()))
                        .orElseThrow(
                                () -> new IllegalStateException("workflow " + workflowId + " has no version " + v)));
    }

    int classes(long workflowId) {
        WorkflowView workflow = workflows.byId(workflowId);
        return workflow.classes();
    }

    /** Builds the state machine as it was when the cursor was written. */
    WorkflowConsensus load(long workflowId, Place place) {
        Map<Long, Standing> standings = new HashMap<>();
        List<CandidateState> states = new ArrayList<>();
        forEach(workflowId, row -> {
            byte[] bytes = row.getBytes("state");
            if (bytes != null) {
                long candidate = row.getLong("candidate_id");
                double[] crowd = Sql.doubles(row, "crowd");
                double[] combined = Sql.doubles(row, "combined");
                StateCodec.CandidateBytes read = StateCodec.read(candidate, bytes, crowd, combined);
                standings.put(candidate, standing(row, read, crowd, combined));
                read.held().ifPresent(states::add);
            }
        });
        states.sort((a, b) -> Long.compare(a.candidate(), b.candidate()));
        return WorkflowConsensus.restore(
                classes(workflowId), rulesOf(workflowId), place.position(), place.progress(), standings, states);
    }

    /** Calls back for each row of the table {@code consensus} of a workflow, in order of candidate. */
    void forEach(long workflowId, RowHandler handler) {
        long[] after = {Long.MIN_VALUE};
        int count = FETCH;
        while (count == FETCH) {
            count = sql.query(
                            "SELECT * FROM consensus WHERE workflow_id = ? AND candidate_id > ?"
                                    + " ORDER BY candidate_id LIMIT " + FETCH,
                            row -> {
                                handler.accept(row);
                                after[0] = row.getLong("candidate_id");
                                return after[0];
                            },
                            workflowId,
                            after[0])
                    .size();
        }
    }

    /** Takes the current row; never calls next(). */
    @FunctionalInterface
    interface RowHandler {
        void accept(ResultSet row) throws SQLException;
    }

    private static Standing standing(ResultSet row, StateCodec.CandidateBytes read, double[] crowd, double[] combined)
            throws SQLException {
        return new Standing(
                row.getString("outcome"),
                row.getInt("answer"),
                row.getString("retire_reason"),
                row.getTimestamp("retired_at") == null ? null : Sql.instant(row, "retired_at"),
                read.everRetired(),
                read.evaluation(),
                read.recent(),
                row.getInt("votes"),
                crowd,
                combined,
                Sql.instant(row, "updated_at"));
    }

    List<PendingGold> pendingGold(long workflowId, int limit) {
        return sql.query(
                "SELECT id, candidate_id, answer FROM consensus_gold_inbox WHERE workflow_id = ? ORDER BY id LIMIT ?",
                row -> new PendingGold(row.getLong(1), row.getLong(2), row.getInt(3)),
                workflowId,
                limit);
    }

    /** Which of these candidates belong to the frozen evaluation sample. */
    Map<Long, Boolean> evaluation(Collection<Long> candidates) {
        Map<Long, Boolean> flags = new HashMap<>();
        if (!candidates.isEmpty()) {
            sql.query(
                    "SELECT id, evaluation FROM candidate WHERE id = ANY(?)",
                    row -> flags.put(row.getLong(1), row.getBoolean(2)) == null,
                    candidates);
        }
        return flags;
    }

    /**
     * Writes what has changed and moves the cursor.
     *
     * @throws ConcurrentWork when the cursor is not where it was read: another process has worked meanwhile
     */
    void write(long workflowId, Place from, Place to, WorkflowConsensus consensus, Changes changes) {
        moveCursor(workflowId, from, to);
        writeSteps(workflowId, changes.steps);
        writeCandidates(workflowId, consensus, changes.touched.keySet());
        writeVolunteers(workflowId, consensus, changes.volunteers);
    }

    /** Somebody else has moved the cursor. */
    static final class ConcurrentWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ConcurrentWork(long workflowId, long position) {
            super("consensus of workflow " + workflowId + " is no longer at position " + position);
        }
    }

    private void moveCursor(long workflowId, Place from, Place to) {
        int moved = sql.update(
                "INSERT INTO consensus_cursor AS k (workflow_id, written_by, id, position, state)"
                        + " VALUES (?, ?::text::xid8, ?, ?, ?) ON CONFLICT (workflow_id) DO UPDATE"
                        + " SET written_by = excluded.written_by, id = excluded.id, position = excluded.position,"
                        + " state = excluded.state WHERE k.position = ?",
                workflowId,
                Long.toString(to.log().writtenBy()),
                to.log().id(),
                to.position(),
                StateCodec.write(to.progress()),
                from.position());
        if (moved != 1) {
            throw new ConcurrentWork(workflowId, from.position());
        }
    }

    void removeGold(List<PendingGold> taken) {
        if (!taken.isEmpty()) {
            sql.update(
                    "DELETE FROM consensus_gold_inbox WHERE id = ANY(?)",
                    taken.stream().map(PendingGold::id).toList());
        }
    }

    // One statement for all rows: a batch of single ones costs the database several times as much. Posteriors come as
    // one
    // flat array, of which each row takes its slice.
    private static final String WRITE_STEPS = """
            INSERT INTO consensus_step (workflow_id, position, classification_id, candidate_id, kind, crowd, combined,
                                        note, created_at)
            SELECT ?, n.position, n.classification_id, n.candidate_id, n.kind, (?::double precision[])[n.first:n.last],
                   (?::double precision[])[n.first:n.last], n.note, n.created_at
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::int[], ?::int[])
                AS n (position, classification_id, candidate_id, kind, note, created_at, first, last)
            """;

    private void writeSteps(long workflowId, List<Step> steps) {
        for (int from = 0; from < steps.size(); from += MOST_ROWS) {
            List<Step> page = steps.subList(from, Math.min(steps.size(), from + MOST_ROWS));
            int n = page.size();
            long[] positions = new long[n];
            @Nullable Long[] classifications = new Long[n];
            long[] candidates = new long[n];
            String[] kinds = new String[n];
            String[] notes = new String[n];
            String[] times = new String[n];
            Slices crowd = new Slices(n);
            Slices combined = new Slices(n);
            for (int i = 0; i < n; i++) {
                Step step = page.get(i);
                positions[i] = step.position();
                classifications[i] = step.classificationId();
                candidates[i] = step.candidateId();
                kinds[i] = step.kind();
                notes[i] = step.note();
                times[i] = step.at().toString();
                crowd.add(step.crowd());
                combined.add(step.combined());
            }
            sql.update(
                    WRITE_STEPS,
                    workflowId,
                    crowd.values(),
                    combined.values(),
                    positions,
                    classifications,
                    candidates,
                    kinds,
                    notes,
                    times,
                    crowd.first,
                    crowd.last);
        }
    }

    private static final String WRITE_CANDIDATES = """
            INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer, retire_reason,
                                   retired_at, updated_at, state)
            SELECT ?, n.candidate_id, n.votes, (?::double precision[])[n.first:n.last],
                   (?::double precision[])[n.first:n.last], n.outcome, n.answer::smallint, n.retire_reason, n.retired_at,
                   n.updated_at, n.state
            FROM unnest(?::bigint[], ?::int[], ?::text[], ?::int[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                        ?::bytea[], ?::int[], ?::int[])
                AS n (candidate_id, votes, outcome, answer, retire_reason, retired_at, updated_at, state, first, last)
            ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET votes = excluded.votes,
                crowd = excluded.crowd, combined = excluded.combined, outcome = excluded.outcome,
                answer = excluded.answer, retire_reason = excluded.retire_reason,
                retired_at = excluded.retired_at, updated_at = excluded.updated_at, state = excluded.state
            """;

    private void writeCandidates(long workflowId, WorkflowConsensus consensus, Collection<Long> touched) {
        List<Long> all = List.copyOf(touched);
        for (int from = 0; from < all.size(); from += MOST_ROWS) {
            List<Long> page = all.subList(from, Math.min(all.size(), from + MOST_ROWS));
            int n = page.size();
            int[] votes = new int[n];
            String[] outcomes = new String[n];
            int[] answers = new int[n];
            @Nullable String[] reasons = new String[n];
            @Nullable String[] retired = new String[n];
            String[] updated = new String[n];
            byte[][] states = new byte[n][];
            Slices crowd = new Slices(n);
            Slices combined = new Slices(n);
            for (int i = 0; i < n; i++) {
                Standing standing = consensus.standing(page.get(i));
                Optional<CandidateState> held = consensus.live().state(page.get(i));
                Instant retiredAt = standing.retiredAt();
                votes[i] = standing.votes();
                outcomes[i] = standing.outcome();
                answers[i] = standing.answer();
                reasons[i] = standing.reason();
                retired[i] = retiredAt == null ? null : retiredAt.toString();
                updated[i] = standing.updatedAt().toString();
                states[i] = StateCodec.write(standing.everRetired(), standing.evaluation(), standing.recent(), held);
                crowd.add(standing.crowd());
                combined.add(standing.combined());
            }
            sql.update(
                    WRITE_CANDIDATES,
                    workflowId,
                    crowd.values(),
                    combined.values(),
                    page,
                    votes,
                    outcomes,
                    answers,
                    reasons,
                    retired,
                    updated,
                    states,
                    crowd.first,
                    crowd.last);
        }
    }

    private static final String WRITE_VOLUNTEERS = """
            INSERT INTO reliability (workflow_id, volunteer_id, votes, gold_seen, gold_agreed, confusion, state, updated_at)
            SELECT ?, n.volunteer_id, n.votes, n.gold_seen, n.gold_agreed, (?::double precision[])[n.first:n.last], n.state,
                   now()
            FROM unnest(?::bigint[], ?::int[], ?::int[], ?::int[], ?::bytea[], ?::int[], ?::int[])
                AS n (volunteer_id, votes, gold_seen, gold_agreed, state, first, last)
            ON CONFLICT (workflow_id, volunteer_id) DO UPDATE SET votes = excluded.votes,
                gold_seen = excluded.gold_seen, gold_agreed = excluded.gold_agreed,
                confusion = excluded.confusion, state = excluded.state, updated_at = excluded.updated_at
            """;

    private void writeVolunteers(long workflowId, WorkflowConsensus consensus, Collection<Long> touched) {
        List<Long> all = List.copyOf(touched);
        for (int from = 0; from < all.size(); from += MOST_ROWS) {
            List<Long> page = all.subList(from, Math.min(all.size(), from + MOST_ROWS));
            int n = page.size();
            int[] votes = new int[n];
            int[] goldSeen = new int[n];
            int[] goldAgreed = new int[n];
            byte[][] states = new byte[n][];
            Slices confusion = new Slices(n);
            for (int i = 0; i < n; i++) {
                VolunteerReliability known = consensus.live().reliability(page.get(i));
                votes[i] = known.votes();
                goldSeen[i] = known.goldSeen();
                goldAgreed[i] = known.goldAgreed();
                states[i] = ReliabilityView.counts(known);
                confusion.add(known.confusion());
            }
            sql.update(
                    WRITE_VOLUNTEERS,
                    workflowId,
                    confusion.values(),
                    page,
                    votes,
                    goldSeen,
                    goldAgreed,
                    states,
                    confusion.first,
                    confusion.last);
        }
    }

    /** Arrays of rows, one behind the other; {@code first} and {@code last} count from 1, as SQL's slices do. */
    private static final class Slices {
        final int[] first;
        final int[] last;
        private double[] values = new double[64];
        private int rows;
        private int end;

        Slices(int rows) {
            first = new int[rows];
            last = new int[rows];
        }

        void add(double[] row) {
            if (end + row.length > values.length) {
                values = Arrays.copyOf(values, Math.max(2 * values.length, end + row.length));
            }
            System.arraycopy(row, 0, values, end, row.length);
            first[rows] = end + 1;
            end += row.length;
            last[rows++] = end;
        }

        double[] values() {
            return Arrays.copyOf(values, end);
        }
    }
}
