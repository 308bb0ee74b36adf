package org.skysieve.consensus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;
import org.skysieve.project.Workflows;

/** The door to the consensus of candidates. Whoever shows it decides who may see it. */
@ApplicationScoped
public class ConsensusLabels {
    private final Sql sql;
    private final ConsensusStore store;
    private final Workflows workflows;

    ConsensusLabels(Sql sql, ConsensusStore store, Workflows workflows) {
        this.sql = sql;
        this.store = store;
        this.workflows = workflows;
    }

    /** Empty while a candidate has had neither a vote nor a gold standard. */
    public Optional<ConsensusView> find(long workflowId, long candidateId) {
        return sql.first(
                "SELECT * FROM consensus WHERE workflow_id = ? AND candidate_id = ?",
                ConsensusLabels::view,
                workflowId,
                candidateId);
    }

    /** Those of the candidates that have a consensus. */
    public Map<Long, ConsensusView> byIds(long workflowId, Collection<Long> candidateIds) {
        Map<Long, ConsensusView> found = new HashMap<>();
        if (!candidateIds.isEmpty()) {
            sql.query(
                    "SELECT * FROM consensus WHERE workflow_id = ? AND candidate_id = ANY(?)",
                    row -> found.put(row.getLong("candidate_id"), view(row)) == null,
                    workflowId,
                    candidateIds);
        }
        return found;
    }

    /** Calls back for every candidate with a consensus, in order of id, in constant memory. */
    public void forEach(long workflowId, Consumer<ConsensusView> handler) {
        store.forEach(workflowId, row -> handler.accept(view(row)));
    }

    public ConsensusCounts counts(long workflowId) {
        int classes = workflows.byId(workflowId).classes();
        long[] retired = new long[classes];
        long[] others = new long[3];
        sql.query(
                "SELECT k.outcome, k.answer, g.candidate_id IS NOT NULL AS gold, count(*) AS n FROM consensus k"
                        + " LEFT JOIN gold_standard g USING (workflow_id, candidate_id)"
                        + " WHERE k.workflow_id = ? AND (k.votes > 0 OR g.candidate_id IS NOT NULL) GROUP BY 1, 2, 3",
                row -> {
                    long n = row.getLong("n");
                    if (row.getBoolean("gold")) {
                        others[2] += n;
                    } else {
                        switch (row.getString("outcome")) {
                            case "retired" -> retired[row.getInt("answer")] += n;
                            case "ambiguous" -> others[1] += n;
                            default -> others[0] += n;
                        }
                    }
                    return n;
                },
                workflowId);
        List<Long> byClass = LongStream.of(retired).boxed().toList();
        return new ConsensusCounts(others[0], byClass, others[1], others[2]);
    }

    static ConsensusView view(ResultSet row) throws SQLException {
        return new ConsensusView(
                row.getLong("workflow_id"),
                row.getLong("candidate_id"),
                row.getInt("votes"),
                list(Sql.doubles(row, "crowd")),
                list(Sql.doubles(row, "combined")),
                row.getString("outcome"),
                row.getInt("answer"),
                row.getString("retire_reason"),
                row.getTimestamp("retired_at") == null ? null : Sql.instant(row, "retired_at"),
                Sql.instant(row, "updated_at"));
    }

    static List<Double> list(double[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }
}
