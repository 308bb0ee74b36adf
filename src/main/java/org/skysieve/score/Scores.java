package org.skysieve.score;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;

/** The door to scores. */
@ApplicationScoped
public class Scores {
    private static final String COLUMNS =
            "SELECT candidate_id, model_version_id, probabilities, epistemic, aleatoric FROM score";

    private final Sql sql;

    Scores(Sql sql) {
        this.sql = sql;
    }

    public Optional<ScoreView> find(long workflowId, long candidateId) {
        return Optional.ofNullable(byIds(workflowId, List.of(candidateId)).get(candidateId));
    }

    /** By candidate; those without a score are absent. */
    public Map<Long, ScoreView> byIds(long workflowId, Collection<Long> candidateIds) {
        Map<Long, ScoreView> scores = new HashMap<>();
        if (!candidateIds.isEmpty()) {
            sql.query(
                            COLUMNS + " WHERE workflow_id = ? AND candidate_id = ANY(?)",
                            Scores::view,
                            workflowId,
                            candidateIds)
                    .forEach(score -> scores.put(score.candidateId(), score));
        }
        return scores;
    }

    /** The next scores of a workflow by candidate id, rising; start with {@code afterId} = 0. */
    public List<ScoredCandidate> page(long workflowId, long afterId, int limit) {
        return sql.query(
                """
                SELECT s.candidate_id, s.model_version_id, s.probabilities, s.anomaly, c.survey, c.candid, c.evaluation, o.object_id
                FROM score s JOIN candidate c ON c.id = s.candidate_id JOIN sky_object o ON o.id = c.sky_object_id
                WHERE s.workflow_id = ? AND s.candidate_id > ? ORDER BY s.candidate_id LIMIT ?
                """,
                row -> new ScoredCandidate(
                        row.getLong("candidate_id"),
                        row.getString("survey"),
                        row.getLong("candid"),
                        row.getString("object_id"),
                        probabilities(row),
                        row.getLong("model_version_id"),
                        (Float) row.getObject("anomaly"),
                        row.getBoolean("evaluation")),
                workflowId,
                afterId,
                limit);
    }

    private static float[] probabilities(ResultSet row) throws SQLException {
        float[] probabilities = Sql.floatsOrNull(row, "probabilities");
        return probabilities == null ? new float[0] : probabilities;
    }

    private static ScoreView view(ResultSet row) throws SQLException {
        return new ScoreView(
                row.getLong("candidate_id"),
                row.getLong("model_version_id"),
                probabilities(row),
                row.getFloat("epistemic"),
                row.getFloat("aleatoric"));
    }
}
