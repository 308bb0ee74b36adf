package org.skysieve.score;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.IsolationForest;
import org.skysieve.model.Champion;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Sql;

/**
 * Says how much a candidate stands out, by an isolation forest a workflow, grown from the 56 features of the project's last
 * {@value #MOST} candidates. It is grown anew when another champion begins to score, when it is a day old, and while it knows
 * fewer candidates than it could, whenever there are twice as many. The candidates that it was grown from get their scores from it at
 * once; all others keep theirs, until they are scored anew: scores of two forests mean the same, and differ by their scatter.
 *
 * <p>Called in the scorer's transactions, so by one process at a time for a workflow. Growing takes a second or two.
 */
@ApplicationScoped
class AnomalyForests {
    static final int MOST = 5000;

    /** Fewer tell too little of what is usual. */
    static final int LEAST = 50;

    private static final Duration OLD = Duration.ofDays(1);
    private static final int PAGE = 200;

    private static final String WRITE =
            "UPDATE score SET anomaly = ? WHERE workflow_id = ? AND candidate_id = ? AND anomaly IS DISTINCT FROM ?::real";

    private final Sql sql;
    private final Candidates candidates;
    private final Outbox outbox;
    private final Clock clock;

    AnomalyForests(Sql sql, Candidates candidates, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.candidates = candidates;
        this.outbox = outbox;
        this.clock = clock;
    }

    private record State(long modelVersionId, int candidates, Instant fittedAt) {}

    /** The forest in force; empty while too few candidates have images. */
    Optional<IsolationForest> find(long workflowId) {
        return sql.first(
                        "SELECT forest FROM anomaly_forest WHERE workflow_id = ? AND forest IS NOT NULL",
                        row -> row.getBytes(1),
                        workflowId)
                .map(IsolationForest::load);
    }

    /**
     * Grows a forest if there is none, or one that is out of date.
     *
     * @return whether it has
     */
    boolean growIfDue(Champion champion) {
        long workflowId = champion.workflowId();
        Optional<State> state = sql.first(
                "SELECT model_version_id, candidates, fitted_at FROM anomaly_forest WHERE workflow_id = ?",
                row -> new State(row.getLong(1), row.getInt(2), Sql.instant(row, "fitted_at")),
                workflowId);
        if (state.isPresent() && !isDue(state.get(), champion)) {
            return false;
        }
        List<Long> ids = latest(workflowId, MOST);
        List<Long> seen = new ArrayList<>(ids.size());
        float[] rows = features(ids, seen);
        IsolationForest forest = null;
        if (seen.size() >= LEAST) {
            forest = IsolationForest.fit(
                    rows, CutoutFeatures.count(), IsolationForest.Options.usual(champion.modelVersionId()));
            publish(champion, seen, forest.scoresOfAll(rows));
        }
        sql.update(
                "INSERT INTO anomaly_forest (workflow_id, model_version_id, candidates, fitted_at, forest)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (workflow_id) DO UPDATE SET"
                        + " model_version_id = excluded.model_version_id, candidates = excluded.candidates,"
                        + " fitted_at = excluded.fitted_at, forest = excluded.forest",
                workflowId,
                champion.modelVersionId(),
                ids.size(),
                clock.instant(),
                forest == null ? null : forest.save());
        return true;
    }

    private boolean isDue(State state, Champion champion) {
        return state.modelVersionId != champion.modelVersionId()
                || state.fittedAt.isBefore(clock.instant().minus(OLD))
                || state.candidates < MOST
                        && latest(champion.workflowId(), Math.max(LEAST, 2 * state.candidates))
                                        .size()
                                >= Math.max(LEAST, 2 * state.candidates);
    }

    /** In rising order. */
    private List<Long> latest(long workflowId, int limit) {
        List<Long> ids = sql.query(
                "SELECT c.id FROM candidate c WHERE c.project_id = (SELECT project_id FROM workflow WHERE id = ?)"
                        + " ORDER BY c.id DESC LIMIT ?",
                row -> row.getLong(1),
                workflowId,
                limit);
        Collections.reverse(ids);
        return ids;
    }

    /**
     * The features of those that have images, row by row.
     *
     * @param seen gets their ids
     */
    private float[] features(List<Long> ids, List<Long> seen) {
        int count = CutoutFeatures.count();
        CutoutFeatures extractor = new CutoutFeatures();
        float[] rows = new float[ids.size() * count];
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<Long> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
            Map<Long, CandidateView> views = candidates.byIds(page);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(page);
            for (long id : page) {
                CandidateView view = views.get(id);
                CutoutTriplet triplet = cutouts.get(id);
                if (view != null && triplet != null && !triplet.isEmpty()) {
                    extractor.extract(triplet, seeing(view), rows, seen.size() * count);
                    seen.add(id);
                }
            }
        }
        return Arrays.copyOf(rows, seen.size() * count);
    }

    /** What the cutouts of a candidate are measured with. */
    static double seeing(CandidateView view) {
        double seeing = CutoutFeatures.seeing(view.survey(), view.fwhmPixels());
        return seeing > 0 ? seeing : Double.NaN;
    }

    /** Those that are not scored yet come later. */
    private void publish(Champion champion, List<Long> ids, float[] scores) {
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            List<Long> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
            for (int i = 0; i < page.size(); i++) {
                float score = scores[from + i];
                rows.add(new @Nullable Object[] {score, champion.workflowId(), page.get(i), score});
            }
            int[] updated = sql.batch(WRITE, rows);
            List<Long> moved = new ArrayList<>();
            for (int i = 0; i < updated.length; i++) {
                if (updated[i] > 0) {
                    moved.add(page.get(i));
                }
            }
            if (!moved.isEmpty()) {
                outbox.publish(new ScoresUpdated(champion.workflowId(), champion.modelVersionId(), moved));
            }
        }
    }
}
