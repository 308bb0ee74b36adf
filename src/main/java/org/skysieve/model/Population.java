package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.platform.Sql;

/**
 * What comes in, labelled or not: bounded samples of candidates. The evaluation sample is a uniform one of all objects that no
 * model learns from, so what a model says of it is neither chosen nor remembered.
 */
@ApplicationScoped
class Population {
    private static final int BATCH = 200;

    /** So many candidates are looked through for one that is wanted. */
    private static final int REACH = 20;

    private final Candidates candidates;
    private final Sql sql;

    Population(Candidates candidates, Sql sql) {
        this.candidates = candidates;
        this.sql = sql;
    }

    /** @param positive what the model said of class 0 */
    record ScoredOne(long candidateId, boolean evaluation, double positive) {}

    /** The newest candidates of the evaluation sample among the newest {@code 20 * limit} of the workflow's project. */
    List<Long> newestOfEvaluation(long workflowId, int limit) {
        return sql.query(
                "SELECT id FROM (SELECT c.id, c.evaluation FROM candidate c WHERE c.project_id ="
                        + " (SELECT project_id FROM workflow WHERE id = ?) ORDER BY c.id DESC LIMIT ?) newest"
                        + " WHERE evaluation ORDER BY id DESC LIMIT ?",
                row -> row.getLong(1),
                workflowId,
                REACH * limit,
                limit);
    }

    /**
     * The candidates that a version scored, the newest first, among the newest {@code 20 * limit} scores of the workflow.
     *
     * @param evaluation only those of the evaluation sample
     */
    List<ScoredOne> newestScored(long workflowId, long modelVersionId, boolean evaluation, int limit) {
        return sql.query(
                "SELECT s.candidate_id, c.evaluation, s.probabilities[1] AS positive FROM (SELECT * FROM score"
                        + " WHERE workflow_id = ? ORDER BY candidate_id DESC LIMIT ?) s"
                        + " JOIN candidate c ON c.id = s.candidate_id WHERE s.model_version_id = ?"
                        + " AND (c.evaluation OR NOT ?) ORDER BY s.candidate_id DESC LIMIT ?",
                row -> new ScoredOne(
                        row.getLong("candidate_id"), row.getBoolean("evaluation"), row.getDouble("positive")),
                workflowId,
                REACH * limit,
                modelVersionId,
                evaluation,
                limit);
    }

    /** The features of candidates; those without any image are left out. */
    List<float[]> features(List<Long> candidateIds) {
        CutoutFeatures extractor = new CutoutFeatures();
        List<float[]> rows = new ArrayList<>(candidateIds.size());
        for (int from = 0; from < candidateIds.size(); from += BATCH) {
            List<Long> ids = candidateIds.subList(from, Math.min(candidateIds.size(), from + BATCH));
            Map<Long, CandidateView> views = candidates.byIds(ids);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(ids);
            for (long id : ids) {
                CandidateView view = views.get(id);
                CutoutTriplet triplet = cutouts.get(id);
                if (view != null && triplet != null && !triplet.isEmpty()) {
                    double seeing = CutoutFeatures.seeing(view.survey(), view.fwhmPixels());
                    rows.add(extractor.extract(triplet, seeing > 0 ? seeing : Double.NaN));
                }
            }
        }
        return rows;
    }
}
