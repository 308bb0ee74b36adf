package org.skysieve.consensus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.consensus.Explanation;
import org.skysieve.engine.consensus.Replay;
import org.skysieve.engine.consensus.RetirementRule;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * What the workflow's rule makes of votes where it decides otherwise: of gold standards as if nobody knew their class, and
 * of the evaluation sample, which retires on votes alone, as if the model took part as it does elsewhere. Votes are
 * revealed in an order drawn from the candidate's id, so that the same votes give the same answer.
 */
@ApplicationScoped
public class HiddenLabels {
    /** A label of {@link #usual}: the votes are spent and no class leads. */
    public static final int AMBIGUOUS = -1;

    /** A label of {@link #usual}: the rule would ask for more votes. */
    public static final int UNDECIDED = -2;

    private static final int PAGE = 1000;

    /** Orders in which a gold standard's votes are revealed, each with its share of the weight. */
    private static final int ORDERS = 8;

    private final Sql sql;
    private final ConsensusStore store;
    private final Workflows workflows;

    HiddenLabels(Sql sql, ConsensusStore store, Workflows workflows) {
        this.sql = sql;
        this.store = store;
        this.workflows = workflows;
    }

    /**
     * A gold standard's posterior at the vote at which candidates of the evaluation sample retire, had its class been unknown.
     *
     * @param weight those of one gold standard sum to 1
     */
    public record Claim(long candidateId, int truth, double[] posterior, double weight) {
        public Claim {
            posterior = posterior.clone();
        }
    }

    /** Of the newest gold standards with votes, at most so many. */
    public List<Claim> gold(long workflowId, int most) {
        Replays replays = new Replays(workflowId);
        List<Claim> claims = new ArrayList<>();
        sql.query(
                "SELECT g.answer, k.candidate_id, k.state FROM gold_standard g JOIN consensus k"
                        + " ON k.workflow_id = g.workflow_id AND k.candidate_id = g.candidate_id"
                        + " WHERE g.workflow_id = ? AND k.votes > 0 ORDER BY g.candidate_id DESC LIMIT ?",
                row -> {
                    Optional<Explanation> explanation = replays.explanation(row);
                    SplittableRandom order = new SplittableRandom(row.getLong("candidate_id"));
                    for (int i = 0; explanation.isPresent() && i < ORDERS; i++) {
                        Replay replay = replays.of(explanation.get(), true, order);
                        claims.add(new Claim(
                                row.getLong("candidate_id"), row.getInt("answer"), replay.combined(), 1.0 / ORDERS));
                    }
                    return true;
                },
                workflowId,
                most);
        return claims;
    }

    /**
     * The labels that votes and model give together, by candidate: a class, {@link #AMBIGUOUS} or {@link #UNDECIDED}.
     * Candidates of which nothing is held are not in it.
     */
    public Map<Long, Integer> usual(long workflowId, Collection<Long> candidateIds) {
        Replays replays = new Replays(workflowId);
        Map<Long, Integer> labels = new HashMap<>();
        List<Long> ids = List.copyOf(candidateIds);
        for (int from = 0; from < ids.size(); from += PAGE) {
            sql.query(
                    "SELECT candidate_id, state FROM consensus WHERE workflow_id = ? AND candidate_id = ANY(?)"
                            + " AND votes > 0",
                    row -> {
                        long id = row.getLong("candidate_id");
                        replays.explanation(row).ifPresent(explanation -> {
                            Replay replay = replays.of(explanation, false, new SplittableRandom(id));
                            labels.put(
                                    id,
                                    switch (replay.decision()) {
                                        case OPEN -> UNDECIDED;
                                        case AMBIGUOUS -> AMBIGUOUS;
                                        case RETIRED -> replay.answer();
                                    });
                        });
                        return true;
                    },
                    workflowId,
                    ids.subList(from, Math.min(ids.size(), from + PAGE)));
        }
        return labels;
    }

    /** The rule and the temperatures of now. */
    private final class Replays {
        private final StateCodec.Progress progress;
        private final RetirementRule rule;

        Replays(long workflowId) {
            progress = store.place(workflowId).progress();
            WorkflowView workflow = workflows.byId(workflowId);
            rule = EngineRules.of(workflow.rules(), workflow.answers());
        }

        Optional<Explanation> explanation(ResultSet row) throws SQLException {
            byte[] bytes = row.getBytes("state");
            return bytes == null
                    ? Optional.empty()
                    : StateCodec.read(row.getLong("candidate_id"), bytes, new double[0], new double[0])
                            .held()
                            .map(state -> Traces.explain(state, progress))
                            .filter(explanation -> !explanation.votes().isEmpty());
        }

        Replay of(Explanation explanation, boolean votesAlone, SplittableRandom order) {
            return Replay.of(explanation, progress.voteTemperature(), rule, votesAlone, order);
        }
    }
}
