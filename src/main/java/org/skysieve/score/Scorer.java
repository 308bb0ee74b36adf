package org.skysieve.score;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.IsolationForest;
import org.skysieve.engine.learn.Scored;
import org.skysieve.model.Champion;
import org.skysieve.model.ModelRegistry;
import org.skysieve.platform.BackgroundWork;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Sql;

/**
 * Scores candidates in the background: new ones as they come, and all open ones when another champion serves. What is
 * still to be done stands in the database ({@code score_pending}, {@code rescoring}), so a restart goes on where it was,
 * and of several processes one works on a workflow at a time.
 *
 * <p>A batch is one transaction that reads, computes, and only then writes: until its first write it holds nobody back.
 */
@ApplicationScoped
class Scorer {
    static final String TOPIC = "score";

    static final int BATCH = 200;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final Logger LOG = Logger.getLogger(Scorer.class);

    private static final String PENDING =
            "SELECT candidate_id FROM score_pending WHERE workflow_id = ? ORDER BY candidate_id LIMIT " + BATCH;

    private static final String STALE = """
            SELECT c.id FROM candidate c
            JOIN workflow w ON w.project_id = c.project_id
            LEFT JOIN consensus k ON k.workflow_id = w.id AND k.candidate_id = c.id
            LEFT JOIN score s ON s.workflow_id = w.id AND s.candidate_id = c.id
            WHERE w.id = ? AND c.id < ? AND s.model_version_id IS DISTINCT FROM ?
              AND (coalesce(k.outcome, 'open') = 'open' OR s.candidate_id IS NULL)
            ORDER BY c.id DESC LIMIT\s""" + BATCH;

    private static final String UPSERT =
            "INSERT INTO score (workflow_id, candidate_id, model_version_id, probabilities, epistemic, aleatoric,"
                    + " anomaly) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET"
                    + " model_version_id = excluded.model_version_id, probabilities = excluded.probabilities,"
                    + " epistemic = excluded.epistemic, aleatoric = excluded.aleatoric, anomaly = excluded.anomaly, own_probabilities = NULL,"
                    + " own_epistemic = NULL, own_aleatoric = NULL";

    private final Sql sql;
    private final ModelRegistry models;
    private final Candidates candidates;
    private final ScoreMix mix;
    private final AnomalyForests anomalies;
    private final Outbox outbox;
    private final BackgroundWork work;

    Scorer(
            Sql sql,
            ModelRegistry models,
            Candidates candidates,
            ScoreMix mix,
            AnomalyForests anomalies,
            Outbox outbox,
            Doorbell doorbell) {
        this.sql = sql;
        this.models = models;
        this.candidates = candidates;
        this.mix = mix;
        this.anomalies = anomalies;
        this.outbox = outbox;
        this.work = new BackgroundWork("scorer", doorbell, TOPIC, POLL, MAX_BACKOFF, this::scoreAll);
    }

    void start(@Observes StartupEvent event) {
        work.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        work.stop();
    }

    /**
     * Scores one batch of every workflow that has something to score, new candidates first.
     *
     * @return whether there was anything
     */
    boolean scoreAll() {
        TreeSet<Long> workflows = new TreeSet<>(sql.query(
                // One index probe a workflow, not a scan of all that waits.
                "SELECT w.id FROM workflow w"
                        + " WHERE EXISTS (SELECT 1 FROM score_pending p WHERE p.workflow_id = w.id)"
                        + " OR EXISTS (SELECT 1 FROM rescoring r WHERE r.workflow_id = w.id AND NOT r.done)",
                row -> row.getLong(1)));
        boolean worked = false;
        for (long workflowId : workflows) {
            if (work.stopping()) {
                return false;
            }
            worked |= QuarkusTransaction.requiringNew().timeout(300).call(() -> scoreBatch(workflowId));
        }
        return worked;
    }

    private boolean scoreBatch(long workflowId) {
        boolean mine = sql.one(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('score', ?))", row -> row.getBoolean(1), workflowId);
        if (!mine) {
            return false;
        }
        Optional<Champion> found = models.champion(workflowId);
        if (found.isEmpty()) {
            // Nothing to score with. The first promotion goes over all candidates.
            return sql.update("DELETE FROM score_pending WHERE workflow_id = ?", workflowId) > 0;
        }
        Champion champion = found.get();
        List<Long> pending = sql.query(PENDING, row -> row.getLong(1), workflowId);
        if (!pending.isEmpty()) {
            if (anomalies.growIfDue(champion)) {
                return true;
            }
            Map<Long, Said> scores = compute(champion, pending);
            write(champion, scores);
            sql.update(
                    "DELETE FROM score_pending WHERE workflow_id = ? AND candidate_id = ANY(?)", workflowId, pending);
            return true;
        }
        return scoreAnew(champion);
    }

    private boolean scoreAnew(Champion champion) {
        Optional<Long> before = sql.first(
                "SELECT before_id FROM rescoring WHERE workflow_id = ? AND model_version_id = ? AND NOT done",
                row -> row.getLong(1),
                champion.workflowId(),
                champion.modelVersionId());
        if (before.isEmpty()) {
            // Done, or the event that names the new champion is still on its way.
            return false;
        }
        if (anomalies.growIfDue(champion)) {
            return true;
        }
        List<Long> stale =
                sql.query(STALE, row -> row.getLong(1), champion.workflowId(), before.get(), champion.modelVersionId());
        write(champion, compute(champion, stale));
        sql.update(
                "UPDATE rescoring SET before_id = ?, done = ? WHERE workflow_id = ? AND model_version_id = ?",
                stale.isEmpty() ? before.get() : stale.get(stale.size() - 1),
                stale.size() < BATCH,
                champion.workflowId(),
                champion.modelVersionId());
        return true;
    }

    /** @param anomaly in (0, 1], NaN without images or while there is no forest */
    private record Said(Scored scored, float anomaly) {}

    private Map<Long, Said> compute(Champion champion, List<Long> ids) {
        CutoutModel classifier = champion.classifier();
        Optional<IsolationForest> forest = anomalies.find(champion.workflowId());
        CutoutFeatures extractor = new CutoutFeatures();
        Map<Long, Said> scores = new HashMap<>();
        Map<Long, CandidateView> views = candidates.byIds(ids);
        Map<Long, CutoutTriplet> cutouts = candidates.cutouts(ids);
        List<Long> failed = new ArrayList<>();
        for (long id : ids) {
            CandidateView view = views.get(id);
            CutoutTriplet triplet = cutouts.get(id);
            if (view == null || triplet == null) {
                failed.add(id);
                continue;
            }
            try {
                float[] features = extractor.extract(triplet, AnomalyForests.seeing(view));
                // Trees need not measure it once more.
                Scored scored = classifier instanceof CutoutClassifier trees
                        ? trees.score(features)
                        : classifier.score(triplet, view.survey(), view.fwhmPixels());
                scores.put(id, new Said(scored, anomaly(forest, triplet, features)));
            } catch (IllegalArgumentException e) {
                failed.add(id);
            }
        }
        if (!failed.isEmpty()) {
            // People can still classify them: they stay in the queue as ones that nothing is known about.
            LOG.warnf(
                    "Candidates without readable cutouts are not scored; count=%d first=%d",
                    failed.size(), failed.get(0));
        }
        return scores;
    }

    private static float anomaly(Optional<IsolationForest> forest, CutoutTriplet triplet, float[] features) {
        return triplet.isEmpty()
                ? Float.NaN
                : forest.map(trees -> (float) trees.score(features)).orElse(Float.NaN);
    }

    private void write(Champion champion, Map<Long, Said> scores) {
        if (scores.isEmpty()) {
            return;
        }
        List<Long> ids = new ArrayList<>(scores.keySet());
        ids.sort(Comparator.naturalOrder());
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (long id : ids) {
            Said said = scores.get(id);
            if (said == null) {
                throw new IllegalStateException("candidate " + id + " lost its score");
            }
            Scored scored = said.scored;
            float[] probabilities = new float[scored.probabilities().length];
            for (int c = 0; c < probabilities.length; c++) {
                probabilities[c] = (float) scored.probabilities()[c];
            }
            rows.add(new @Nullable Object[] {
                champion.workflowId(),
                id,
                champion.modelVersionId(),
                probabilities,
                (float) scored.epistemic(),
                (float) scored.aleatoric(),
                said.anomaly
            });
        }
        sql.batch(UPSERT, rows);
        mix.apply(champion.workflowId(), ids);
        outbox.publish(new ScoresUpdated(champion.workflowId(), champion.modelVersionId(), ids));
    }
}
