package org.skysieve.score;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.LinearPool;
import org.skysieve.engine.learn.Scored;
import org.skysieve.platform.Sql;

/**
 * The score in force: the champion's word mixed with those of external models that have a share. A model that says
 * nothing of a candidate has none there; the champion's own word is kept beside the mixture.
 */
@ApplicationScoped
class ScoreMix {
    private static final String OWN = """
            SELECT candidate_id, probabilities, epistemic, aleatoric FROM score
            WHERE workflow_id = ? AND candidate_id = ANY(?) ORDER BY candidate_id FOR UPDATE
            """;

    private static final String OTHERS = """
            SELECT e.candidate_id, e.probabilities, e.epistemic, m.share
            FROM external_score e JOIN external_model m ON m.id = e.external_model_id
            WHERE m.workflow_id = ? AND m.share > 0 AND e.candidate_id = ANY(?) ORDER BY m.id
            """;

    private static final String WRITE = """
            UPDATE score SET probabilities = ?, epistemic = ?, aleatoric = ?,
                   own_probabilities = ?, own_epistemic = ?, own_aleatoric = ?
            WHERE workflow_id = ? AND candidate_id = ?
            """;

    private static final String PLAIN = """
            UPDATE score SET probabilities = own_probabilities, epistemic = own_epistemic, aleatoric = own_aleatoric,
                   own_probabilities = NULL, own_epistemic = NULL, own_aleatoric = NULL
            WHERE workflow_id = ? AND candidate_id = ANY(?) AND own_probabilities IS NOT NULL
            """;

    private final Sql sql;

    ScoreMix(Sql sql) {
        this.sql = sql;
    }

    private record Own(long candidateId, Scored scored) {}

    /** Computes the scores in force of these candidates anew; those that the champion has not scored have none yet. */
    void apply(long workflowId, Collection<Long> candidateIds) {
        Map<Long, List<LinearPool.Member>> others = new HashMap<>();
        sql.query(
                OTHERS,
                row -> others.computeIfAbsent(row.getLong("candidate_id"), id -> new ArrayList<>())
                        .add(new LinearPool.Member(
                                row.getDouble("share"), scored(probabilities(row), row.getFloat("epistemic")))),
                workflowId,
                candidateIds);
        sql.update(PLAIN, workflowId, candidateIds);
        if (others.isEmpty()) {
            return;
        }
        List<Own> own = sql.query(
                OWN,
                row -> new Own(
                        row.getLong("candidate_id"),
                        new Scored(doubles(probabilities(row)), row.getFloat("epistemic"), row.getFloat("aleatoric"))),
                workflowId,
                others.keySet());
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Own one : own) {
            List<LinearPool.Member> members = new ArrayList<>(others.getOrDefault(one.candidateId, List.of()));
            double shares =
                    members.stream().mapToDouble(LinearPool.Member::weight).sum();
            members.add(new LinearPool.Member(1 - shares, one.scored));
            Scored mixed = LinearPool.of(members);
            rows.add(new @Nullable Object[] {
                floats(mixed.probabilities()),
                (float) mixed.epistemic(),
                (float) mixed.aleatoric(),
                floats(one.scored.probabilities()),
                (float) one.scored.epistemic(),
                (float) one.scored.aleatoric(),
                workflowId,
                one.candidateId
            });
        }
        if (!rows.isEmpty()) {
            sql.batch(WRITE, rows);
        }
    }

    /** An external model gives its probabilities and how much of their doubt is its own. */
    private static Scored scored(float[] probabilities, float epistemic) {
        double[] p = doubles(probabilities);
        double entropy = LinearPool.entropy(p);
        double ofItsOwn = Math.min(epistemic, entropy);
        return new Scored(p, ofItsOwn, entropy - ofItsOwn);
    }

    private static float[] probabilities(java.sql.ResultSet row) throws java.sql.SQLException {
        float[] probabilities = Sql.floatsOrNull(row, "probabilities");
        return probabilities == null ? new float[0] : probabilities;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private static float[] floats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }
}
