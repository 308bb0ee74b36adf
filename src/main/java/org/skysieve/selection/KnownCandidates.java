package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.select.Belief;
import org.skysieve.engine.select.Disagreement;
import org.skysieve.platform.Sql;

/** Reads what the database says now of candidates: scores, consensus, gold standards, votes with their reliabilities. */
@ApplicationScoped
class KnownCandidates {
    /** Of somebody of whom nothing is known yet: right in 85 of 100, between two classes. */
    private static final double USUAL_SKILL = 0.7;

    private static final String STATE = """
            SELECT c.id, c.evaluation, c.time_mjd, g.candidate_id IS NOT NULL AS gold,
                   s.probabilities, s.epistemic, s.aleatoric, s.anomaly,
                   k.votes, k.combined, k.outcome%s
            FROM unnest(?) AS wanted (id)
            JOIN candidate c ON c.id = wanted.id
            LEFT JOIN gold_standard g ON g.workflow_id = ? AND g.candidate_id = c.id
            LEFT JOIN score s ON s.workflow_id = ? AND s.candidate_id = c.id
            LEFT JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = c.id
            """;
    private static final String PLAIN = STATE.formatted("");
    private static final String WITH_FIELDS = STATE.formatted(
            ", c.snr, c.mag, c.mag_error, c.fwhm_pixels, c.survey_score, c.ra, c.dec, c.positive, c.passband, c.survey,"
                    + " c.context ->> 'kind' AS context");

    private final Sql sql;
    private final Candidates candidates;

    KnownCandidates(Sql sql, Candidates candidates) {
        this.sql = sql;
        this.candidates = candidates;
    }

    /** In the order of the ids; ids that are not candidates are left out. */
    List<Known> of(long workflowId, Ranking ranking, List<Long> ids) {
        Map<Long, Double> fades = ranking.readsFade() ? candidates.fades(ids) : Map.of();
        List<Known> known = sql.query(
                ranking.readsFields() ? WITH_FIELDS : PLAIN,
                row -> known(row, ranking, fades.getOrDefault(row.getLong("id"), Double.NaN)),
                ids,
                workflowId,
                workflowId,
                workflowId);
        return withDisagreement(workflowId, ranking.classes(), known);
    }

    private static Known known(ResultSet row, Ranking ranking, double fade) throws SQLException {
        boolean counted = row.getObject("votes") != null;
        int votes = counted ? row.getInt("votes") : 0;
        float[] model = Sql.floatsOrNull(row, "probabilities");
        double epistemic = Sql.doubleOrNaN(row, "epistemic");
        double aleatoric = Sql.doubleOrNaN(row, "aleatoric");
        Belief belief;
        if (votes > 0) {
            belief = new Belief(Sql.doubles(row, "combined"), epistemic, aleatoric, votes);
        } else if (model != null) {
            double[] probabilities = new double[model.length];
            for (int c = 0; c < model.length; c++) {
                probabilities[c] = model[c];
            }
            belief = new Belief(probabilities, epistemic, aleatoric, 0);
        } else {
            belief = Belief.uninformed(ranking.classes());
        }
        String outcome = row.getString("outcome");
        double doubt = (epistemic + aleatoric) / Math.log(ranking.classes());
        return new Known(
                row.getLong("id"),
                belief,
                votes > 0 || model != null,
                row.getBoolean("evaluation"),
                !row.getBoolean("gold") && (!counted || "open".equals(outcome)),
                !row.getBoolean("gold") && "ambiguous".equals(outcome),
                Double.NaN,
                Double.isNaN(doubt) ? doubt : Math.min(1, doubt),
                Sql.doubleOrNaN(row, "anomaly"),
                row.getDouble("time_mjd"),
                fade,
                ranking.readsFields() ? fields(row, belief, fade) : new @Nullable Object[0]);
    }

    /** In the order of {@link org.skysieve.engine.select.PriorityFields}, without the answers. */
    private static @Nullable Object[] fields(ResultSet row, Belief belief, double fade) throws SQLException {
        return new @Nullable Object[] {
            new org.skysieve.engine.select.Entropy().usefulness(belief),
            belief.votes(),
            null,
            belief.epistemic(),
            belief.aleatoric(),
            Sql.doubleOrNaN(row, "anomaly"),
            Sql.doubleOrNaN(row, "snr"),
            Sql.doubleOrNaN(row, "mag"),
            Sql.doubleOrNaN(row, "mag_error"),
            Sql.doubleOrNaN(row, "fwhm_pixels"),
            Sql.doubleOrNaN(row, "survey_score"),
            row.getDouble("time_mjd"),
            fade,
            row.getDouble("ra"),
            row.getDouble("dec"),
            row.getBoolean("positive"),
            row.getString("passband"),
            row.getString("survey"),
            row.getString("context")
        };
    }

    /** Where the disagreement stands among the fields behind the answers. */
    private static final int DISAGREEMENT_FIELD = 2;

    private List<Known> withDisagreement(long workflowId, int classes, List<Known> known) {
        Set<Long> voted = new TreeSet<>();
        known.stream().filter(each -> each.belief().votes() >= 2).forEach(each -> voted.add(each.candidateId()));
        Map<Long, Double> disagreements = disagreements(workflowId, classes, voted);
        List<Known> all = new ArrayList<>(known.size());
        for (Known each : known) {
            Double disagreement = disagreements.get(each.candidateId());
            if (disagreement == null) {
                all.add(each);
                continue;
            }
            if (each.fields().length > 0) {
                each.fields()[DISAGREEMENT_FIELD] = disagreement;
            }
            all.add(each.withDisagreement(disagreement));
        }
        return all;
    }

    private record Vote(long candidateId, long volunteerId, int answer) {}

    /** By candidate; those of fewer than two votes are absent. */
    private Map<Long, Double> disagreements(long workflowId, int classes, Collection<Long> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        List<Vote> votes = sql.query(
                """
                SELECT c.candidate_id, c.volunteer_id, c.answer FROM classification c
                WHERE c.candidate_id = ANY(?) AND c.workflow_id = ? AND c.answer IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)
                ORDER BY c.id
                """,
                row -> new Vote(row.getLong("candidate_id"), row.getLong("volunteer_id"), row.getInt("answer")),
                ids,
                workflowId);
        Map<Long, Double> skills = new HashMap<>();
        sql.query(
                "SELECT volunteer_id, confusion FROM reliability WHERE workflow_id = ? AND volunteer_id = ANY(?)",
                row -> skills.put(
                        row.getLong("volunteer_id"), Disagreement.skill(Sql.doubles(row, "confusion"), classes)),
                workflowId,
                new TreeSet<>(votes.stream().map(Vote::volunteerId).toList()));
        Map<Long, List<Vote>> byCandidate = new HashMap<>();
        votes.forEach(vote -> byCandidate
                .computeIfAbsent(vote.candidateId, unused -> new ArrayList<>())
                .add(vote));
        Map<Long, Double> disagreements = new HashMap<>();
        byCandidate.forEach((id, ofOne) -> disagreements.put(
                id,
                Disagreement.of(
                        ofOne.stream().mapToInt(Vote::answer).toArray(),
                        ofOne.stream()
                                .mapToDouble(vote -> skills.getOrDefault(vote.volunteerId, USUAL_SKILL))
                                .toArray(),
                        classes)));
        return disagreements;
    }
}
