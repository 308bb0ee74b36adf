package org.skysieve.consensus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.Pseudonyms;
import org.skysieve.engine.consensus.ConsensusSnapshot.CandidateState;
import org.skysieve.engine.consensus.Explanation;
import org.skysieve.platform.Sql;

/** The door to explanations. */
@ApplicationScoped
public class Traces {
    private static final int MAX_STEPS = 1_000;

    private final Sql sql;
    private final ConsensusStore store;
    private final Pseudonyms pseudonyms;

    Traces(Sql sql, ConsensusStore store, Pseudonyms pseudonyms) {
        this.sql = sql;
        this.store = store;
        this.pseudonyms = pseudonyms;
    }

    /** Empty while a candidate has no consensus; at most the first 1,000 steps. */
    @Transactional
    public Optional<Trace> of(long workflowId, long candidateId) {
        return sql.first(
                        "SELECT * FROM consensus WHERE workflow_id = ? AND candidate_id = ?",
                        row -> new Row(ConsensusLabels.view(row), row.getBytes("state")),
                        workflowId,
                        candidateId)
                .map(row -> new Trace(
                        workflowId,
                        candidateId,
                        row.view.outcome(),
                        row.view.answer(),
                        row.view.retireReason(),
                        steps(workflowId, candidateId),
                        explanation(row).map(this::why).orElse(null)));
    }

    private record Row(ConsensusView view, byte @Nullable [] state) {}

    private List<Trace.Step> steps(long workflowId, long candidateId) {
        List<Trace.Step> steps = new ArrayList<>();
        sql.query(
                "SELECT s.*, c.volunteer_id, c.answer FROM consensus_step s"
                        + " LEFT JOIN classification c ON c.id = s.classification_id"
                        + " WHERE s.workflow_id = ? AND s.candidate_id = ? ORDER BY s.position LIMIT ?",
                row -> steps.add(step(row, steps)),
                workflowId,
                candidateId,
                MAX_STEPS);
        return steps;
    }

    private Trace.Step step(ResultSet row, List<Trace.Step> earlier) throws SQLException {
        Long volunteer = Sql.longOrNull(row, "volunteer_id");
        Trace.Step last = earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
        List<Double> combined = ConsensusLabels.list(Sql.doubles(row, "combined"));
        List<Double> crowd = ConsensusLabels.list(Sql.doubles(row, "crowd"));
        // A step that was skipped leaves all as it was.
        if (combined.isEmpty() && last != null) {
            combined = last.combined();
            crowd = last.crowd();
        }
        return new Trace.Step(
                row.getLong("position"),
                row.getString("kind"),
                Sql.instant(row, "created_at"),
                volunteer == null ? null : pseudonyms.of(volunteer),
                Sql.intOrNull(row, "answer"),
                last == null ? null : last.combined(),
                combined,
                crowd,
                row.getString("note"));
    }

    /** The sum behind the stored posterior, in the engine's form. */
    Optional<Explanation> explanation(long workflowId, long candidateId) {
        return sql.first(
                        "SELECT * FROM consensus WHERE workflow_id = ? AND candidate_id = ?",
                        row -> new Row(ConsensusLabels.view(row), row.getBytes("state")),
                        workflowId,
                        candidateId)
                .flatMap(this::explanation);
    }

    private Optional<Explanation> explanation(Row row) {
        byte[] bytes = row.state;
        if (bytes == null) {
            return Optional.empty();
        }
        StateCodec.Progress progress = store.place(row.view.workflowId()).progress();
        return StateCodec.read(row.view.candidateId(), bytes, new double[0], new double[0])
                .held()
                .map(state -> explain(state, progress));
    }

    static Explanation explain(CandidateState state, StateCodec.Progress progress) {
        int classes = state.contribution().length;
        double[] terms = state.terms();
        List<Explanation.VoteTerm> votes = new ArrayList<>();
        for (int i = 0; i < state.volunteers().length; i++) {
            votes.add(new Explanation.VoteTerm(
                    state.volunteers()[i],
                    state.answers()[i],
                    Arrays.copyOfRange(terms, (2 + i) * classes, (3 + i) * classes)));
        }
        return new Explanation(
                state.candidate(),
                Arrays.copyOf(terms, classes),
                votes,
                Arrays.copyOfRange(terms, classes, 2 * classes),
                progress.voteTemperature().of(state.volunteers().length),
                progress.modelTemperature(),
                state.gold());
    }

    private Trace.Why why(Explanation explanation) {
        return new Trace.Why(
                ConsensusLabels.list(explanation.prior()),
                explanation.votes().stream()
                        .map(term -> new Trace.VoteTerm(
                                pseudonyms.of(term.volunteer()),
                                term.answer(),
                                ConsensusLabels.list(term.logLikelihood())))
                        .toList(),
                ConsensusLabels.list(explanation.model()),
                explanation.voteTemperature(),
                explanation.modelTemperature(),
                explanation.gold() < 0 ? null : explanation.gold());
    }
}
