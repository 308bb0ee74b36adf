package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.engine.select.Route;
import org.skysieve.platform.RandomSource;
import org.skysieve.platform.Sql;
import org.skysieve.project.Workflows;

/**
 * Keeps one entry per workflow and candidate: how much another vote is worth, and whether it is open. An entry is
 * always computed from what the database says now (score, consensus, gold standards), never from the event that asked
 * for it: events may come in any order and twice, and {@link #rebuild} gives the same queue from nothing.
 */
@ApplicationScoped
class Queue {
    private static final int PAGE = 1000;

    // Sorted, so that two processes that refresh the same entries take the row locks in the same order. A vote that has
    // been counted ends the lease that it came from; a lease of somebody else goes on.
    private static final String UPSERT = """
            INSERT INTO queue_entry AS q (workflow_id, candidate_id, priority, rank2, rank3, rank4, showcase, disagreement,
                                          route, shuffle, votes, evaluation, open)
            SELECT ?, n.candidate_id, n.priority, nullif(n.rank2, 'NaN'), nullif(n.rank3, 'NaN'),
                   nullif(n.rank4, 'NaN'), nullif(n.showcase, 'NaN'), nullif(n.disagreement, 'NaN'), n.route,
                   n.shuffle, n.votes, n.evaluation = 1, n.open = 1
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (candidate_id, priority, rank2, rank3, rank4, showcase,
                 disagreement, route, shuffle, votes, evaluation, open)
            ORDER BY n.candidate_id
            ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET
                priority = excluded.priority, rank2 = %1$s, rank3 = %2$s, rank4 = %3$s, showcase = excluded.showcase,
                disagreement = excluded.disagreement, route = excluded.route,
                votes = excluded.votes, open = excluded.open,
                leased_until = CASE WHEN q.votes = excluded.votes THEN q.leased_until ELSE (
                    SELECT max(a.lease_until) FROM assignment a
                    WHERE a.workflow_id = excluded.workflow_id AND a.candidate_id = excluded.candidate_id
                      AND a.state = 'open') END
            WHERE (q.priority, q.rank2, q.rank3, q.rank4, q.showcase, q.disagreement, q.route, q.votes, q.open)
                  IS DISTINCT FROM (excluded.priority, %1$s, %2$s, %3$s, excluded.showcase, excluded.disagreement,
                                    excluded.route, excluded.votes, excluded.open)
            """;

    private final Sql sql;
    private final KnownCandidates known;
    private final Workflows workflows;
    private final RandomSource randomSource;

    Queue(Sql sql, KnownCandidates known, Workflows workflows, RandomSource randomSource) {
        this.sql = sql;
        this.known = known;
        this.workflows = workflows;
        this.randomSource = randomSource;
    }

    /** Brings the entries of these candidates up to date; ids that are not candidates are ignored. */
    @Transactional
    void refresh(long workflowId, Collection<Long> candidateIds) {
        rank(Ranking.of(workflows.byId(workflowId)), workflowId, candidateIds, false);
    }

    /**
     * Brings the entries of these candidates up to date, by a ranking that may be another one than before.
     *
     * @param anew whether keys of strategies that a candidate alone does not tell are taken back, too
     */
    void rank(Ranking ranking, long workflowId, Collection<Long> candidateIds, boolean anew) {
        List<Long> ids = new ArrayList<>(new TreeSet<>(candidateIds));
        SplittableRandom random = randomSource.split();
        String upsert = upsert(ranking, anew);
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<Long> page = ids.subList(from, Math.min(from + PAGE, ids.size()));
            write(upsert, workflowId, ranking, known.of(workflowId, ranking, page), random);
        }
    }

    /** Where a batch as a whole was ranked, single candidates keep their keys. */
    private static String upsert(Ranking ranking, boolean anew) {
        Object[] values = {"excluded.rank2", "excluded.rank3", "excluded.rank4"};
        for (Ranking.Rank rank : ranking.ranks()) {
            if (rank.strategy() == RankingStrategy.DIVERSE && !anew) {
                values[rank.column() - 1] = "q.rank" + (rank.column() + 1);
            }
        }
        return UPSERT.formatted(values);
    }

    /** Computes the whole queue of a workflow anew, page by page. */
    @Transactional
    void rebuild(long workflowId, long projectId) {
        long after = Long.MIN_VALUE;
        List<Long> page;
        do {
            page = sql.query(
                    "SELECT id FROM candidate WHERE project_id = ? AND id > ? ORDER BY id LIMIT " + PAGE,
                    row -> row.getLong(1),
                    projectId,
                    after);
            refresh(workflowId, page);
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        } while (page.size() == PAGE);
    }

    private void write(
            String upsert, long workflowId, Ranking ranking, List<Known> candidates, SplittableRandom random) {
        int n = candidates.size();
        long[] ids = new long[n];
        float[][] keys = new float[Ranking.COLUMNS][n];
        float[] showcase = new float[n];
        float[] disagreement = new float[n];
        @Nullable String[] routes = new String[n];
        double[] shuffles = new double[n];
        int[] votes = new int[n];
        int[] evaluation = new int[n];
        int[] open = new int[n];
        for (int i = 0; i < n; i++) {
            Known one = candidates.get(i);
            float[] ofOne = ranking.keys(one);
            for (int column = 0; column < Ranking.COLUMNS; column++) {
                keys[column][i] = ofOne[column];
            }
            ids[i] = one.candidateId();
            showcase[i] = Ranking.showcase(one);
            disagreement[i] = (float) one.disagreement();
            routes[i] = one.route().map(Route::key).orElse(null);
            shuffles[i] = random.nextDouble();
            votes[i] = one.belief().votes();
            evaluation[i] = one.evaluation() ? 1 : 0;
            open[i] = one.open() ? 1 : 0;
        }
        if (n > 0) {
            sql.update(
                    upsert,
                    workflowId,
                    ids,
                    keys[0],
                    keys[1],
                    keys[2],
                    keys[3],
                    showcase,
                    disagreement,
                    routes,
                    shuffles,
                    votes,
                    evaluation,
                    open);
        }
    }
}
