package org.skysieve.consensus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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

    /** Workflows with final entries or gold standards not yet applied, or of which somebody wants a refit. */
    List<Long> withWork() {
        return sql.query("""
                SELECT w.id FROM workflow w LEFT JOIN consensus_cursor k ON k.workflow_id = w.id
                WHERE EXISTS (SELECT 1 FROM classification c WHERE c.workflow_id = w.id
                              AND (c.written_by, c.id) > (coalesce(k.written_by, '0'::xid8), coalesce(k.id, 0))
                              AND c.written_by < pg_snapshot_xmin(pg_current_snapshot()))
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

    private void writeSteps(long workflowId, List<Step> steps) {
        List<@Nullable Object[]> rows = new ArrayList<>(steps.size());
        for (Step step : steps) {
            rows.add(new @Nullable Object[] {
                workflowId,
                step.position(),
                step.classificationId(),
                step.candidateId(),
                step.kind(),
                step.crowd(),
                step.combined(),
                step.note(),
                step.at()
            });
        }
        sql.batch(
                "INSERT INTO consensus_step (workflow_id, position, classification_id, candidate_id, kind, crowd,"
                        + " combined, note, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows);
    }

    private void writeCandidates(long workflowId, WorkflowConsensus consensus, Collection<Long> candidates) {
        List<@Nullable Object[]> rows = new ArrayList<>(candidates.size());
        for (long candidate : candidates) {
            Standing standing = consensus.standing(candidate);
            Optional<CandidateState> held = consensus.live().state(candidate);
            rows.add(new @Nullable Object[] {
                workflowId,
                candidate,
                standing.votes(),
                standing.crowd(),
                standing.combined(),
                standing.outcome(),
                standing.answer(),
                standing.reason(),
                standing.retiredAt(),
                standing.updatedAt(),
                StateCodec.write(standing.everRetired(), standing.evaluation(), standing.recent(), held)
            });
        }
        sql.batch(
                "INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer,"
                        + " retire_reason, retired_at, updated_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET votes = excluded.votes,"
                        + " crowd = excluded.crowd, combined = excluded.combined, outcome = excluded.outcome,"
                        + " answer = excluded.answer, retire_reason = excluded.retire_reason,"
                        + " retired_at = excluded.retired_at, updated_at = excluded.updated_at, state = excluded.state",
                rows);
    }

    private void writeVolunteers(long workflowId, WorkflowConsensus consensus, Collection<Long> volunteers) {
        List<@Nullable Object[]> rows = new ArrayList<>(volunteers.size());
        for (long volunteer : volunteers) {
            VolunteerReliability known = consensus.live().reliability(volunteer);
            rows.add(new @Nullable Object[] {
                workflowId,
                volunteer,
                known.votes(),
                known.goldSeen(),
                known.goldAgreed(),
                known.confusion(),
                ReliabilityView.counts(known)
            });
        }
        sql.batch(
                "INSERT INTO reliability (workflow_id, volunteer_id, votes, gold_seen, gold_agreed, confusion, state,"
                        + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, now())"
                        + " ON CONFLICT (workflow_id, volunteer_id) DO UPDATE SET votes = excluded.votes,"
                        + " gold_seen = excluded.gold_seen, gold_agreed = excluded.gold_agreed,"
                        + " confusion = excluded.confusion, state = excluded.state, updated_at = excluded.updated_at",
                rows);
    }
}
