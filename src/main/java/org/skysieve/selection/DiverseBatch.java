package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.select.Entropy;
import org.skysieve.engine.select.KMeansPlusPlus;
import org.skysieve.engine.select.Pool;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.platform.RandomSource;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

/**
 * Draws the batch of the strategy {@code diverse}: of the {@value #POOL} first of the queue, {@value #BATCH} that are unlike
 * each other, by the seeding of k-means++ on the ranks of the 56 features, weighted by entropy. Only these get a key; when
 * fewer than {@value #LEAST} of them are still open, the next batch is drawn. Unlike all other keys it cannot be computed from
 * a candidate alone, so a rebuilt queue draws another batch.
 */
@ApplicationScoped
class DiverseBatch {
    static final int POOL = 1000;
    static final int BATCH = 200;
    private static final int LEAST = 60;
    private static final int PAGE = 200;

    private final Sql sql;
    private final KnownCandidates known;
    private final Candidates candidates;
    private final Queue queue;
    private final RandomSource randomSource;

    DiverseBatch(Sql sql, KnownCandidates known, Candidates candidates, Queue queue, RandomSource randomSource) {
        this.sql = sql;
        this.queue = queue;
        this.known = known;
        this.candidates = candidates;
        this.randomSource = randomSource;
    }

    /**
     * Draws a new batch where the workflow's mix asks for one and the last is nearly used up.
     *
     * @return how many got a key
     */
    int drawIfNeeded(WorkflowView workflow) {
        Ranking ranking = Ranking.of(workflow);
        return ranking.ranks().stream()
                .filter(rank -> rank.strategy() == RankingStrategy.DIVERSE)
                .filter(rank -> left(workflow.id(), column(rank)) < LEAST)
                .mapToInt(rank -> draw(workflow, ranking, column(rank)))
                .sum();
    }

    private static String column(Ranking.Rank rank) {
        return "rank" + (rank.column() + 1);
    }

    private int left(long workflowId, String column) {
        return sql.one(
                "SELECT count(*) FROM (SELECT 1 FROM queue_entry WHERE workflow_id = ? AND open"
                        + " AND NOT evaluation AND " + column + " IS NOT NULL LIMIT " + LEAST + ") few",
                row -> row.getInt(1),
                workflowId);
    }

    private int draw(WorkflowView workflow, Ranking ranking, String column) {
        List<Long> first = sql.query(
                "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND open AND NOT evaluation"
                        + " ORDER BY priority DESC, candidate_id DESC LIMIT " + POOL,
                row -> row.getLong(1),
                workflow.id());
        Map<Long, float[]> features = features(first);
        List<Known> pool = known.of(workflow.id(), ranking, new ArrayList<>(features.keySet()));
        if (pool.isEmpty()) {
            return 0;
        }
        long[] chosen = choose(pool, features, workflow.classes());
        float[] keys = new float[chosen.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = 1 - i / (float) BATCH;
        }
        return QuarkusTransaction.requiringNew().call(() -> {
            queue.lock(workflow.id());
            // In the order in which everybody locks entries.
            sql.query(
                    "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND (" + column
                            + " IS NOT NULL OR candidate_id = ANY(?)) ORDER BY candidate_id FOR UPDATE",
                    row -> row.getLong(1),
                    workflow.id(),
                    chosen);
            sql.update(
                    "UPDATE queue_entry SET " + column + " = NULL WHERE workflow_id = ? AND " + column
                            + " IS NOT NULL AND candidate_id <> ALL(?)",
                    workflow.id(),
                    chosen);
            return sql.update(
                    "UPDATE queue_entry q SET " + column + " = n.key FROM unnest(?, ?) AS n (candidate_id, key)"
                            + " WHERE q.workflow_id = ? AND q.candidate_id = n.candidate_id",
                    chosen,
                    keys,
                    workflow.id());
        });
    }

    private long[] choose(List<Known> pool, Map<Long, float[]> features, int classes) {
        int n = pool.size();
        double[] probabilities = new double[n * classes];
        List<float[]> rows = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(pool.get(i).belief().posterior(), 0, probabilities, i * classes, classes);
            rows.add(features.get(pool.get(i).candidateId()));
        }
        int dimensions = rows.get(0).length;
        int[] open = IntStream.range(0, n).toArray();
        Pool asked =
                new Pool(classes, new int[0], open, probabilities, new double[n], ranks(rows, dimensions), dimensions);
        return Arrays.stream(new KMeansPlusPlus(new Entropy()).choose(asked, BATCH, randomSource.split()))
                .mapToLong(row -> pool.get(row).candidateId())
                .toArray();
    }

    /** Each feature by its rank in the pool, 0 to 1; one half where missing: a failed measurement may be 1e8. */
    private static float[] ranks(List<float[]> rows, int dimensions) {
        int n = rows.size();
        float[] places = new float[n * dimensions];
        for (int d = 0; d < dimensions; d++) {
            int feature = d;
            Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
            Arrays.sort(order, (a, b) -> Float.compare(rows.get(a)[feature], rows.get(b)[feature]));
            for (int rank = 0; rank < n; rank++) {
                boolean missing = Float.isNaN(rows.get(order[rank])[d]);
                places[order[rank] * dimensions + d] = missing || n == 1 ? 0.5f : rank / (float) (n - 1);
            }
        }
        return places;
    }

    /** Those without any image are left out. */
    private Map<Long, float[]> features(List<Long> ids) {
        CutoutFeatures extractor = new CutoutFeatures();
        Map<Long, float[]> features = new TreeMap<>();
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<Long> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
            Map<Long, CandidateView> views = candidates.byIds(page);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(page);
            for (long id : page) {
                CandidateView view = views.get(id);
                CutoutTriplet triplet = cutouts.get(id);
                if (view != null && triplet != null && !triplet.isEmpty()) {
                    double seeing = CutoutFeatures.seeing(view.survey(), view.fwhmPixels());
                    features.put(id, extractor.extract(triplet, seeing > 0 ? seeing : Double.NaN));
                }
            }
        }
        return features;
    }
}
