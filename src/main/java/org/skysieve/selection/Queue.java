package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    // Nearly all entries are there already: their update costs a third less than INSERT ... ON CONFLICT. A vote that
    // has
    // been counted ends the lease that it came from; a lease of somebody else goes on.
    private static final String UPDATE = """
            UPDATE queue_entry AS q SET
                priority = n.priority, rank2 = %1$s, rank3 = %2$s, rank4 = %3$s, showcase = n.showcase,
                disagreement = n.disagreement, route = n.route, votes = n.votes, open = n.open,
                leased_until = CASE WHEN q.votes = n.votes THEN q.leased_until ELSE (
                    SELECT max(a.lease_until) FROM assignment a
                    WHERE a.workflow_id = n.workflow_id AND a.candidate_id = n.candidate_id AND a.state = 'open') END
            FROM (SELECT ?::bigint AS workflow_id, u.candidate_id, u.priority, nullif(u.rank2, 'NaN') AS rank2,
                         nullif(u.rank3, 'NaN') AS rank3, nullif(u.rank4, 'NaN') AS rank4,
                         nullif(u.showcase, 'NaN') AS showcase, nullif(u.disagreement, 'NaN') AS disagreement,
                         u.route, u.votes, u.open = 1 AS open
                  FROM unnest(?::bigint[], ?::real[], ?::real[], ?::real[], ?::real[], ?::real[], ?::real[], ?::text[],
                              ?::int[], ?::int[])
                      AS u (candidate_id, priority, rank2, rank3, rank4, showcase, disagreement, route, votes, open)
                 ) AS n
            WHERE q.workflow_id = n.workflow_id AND q.candidate_id = n.candidate_id
              AND (q.priority, q.rank2, q.rank3, q.rank4, q.showcase, q.disagreement, q.route, q.votes, q.open)
                  IS DISTINCT FROM (n.priority, %1$s, %2$s, %3$s, n.showcase, n.disagreement, n.route, n.votes, n.open)
            RETURNING q.candidate_id
            """;

    private static final String INSERT = """
            INSERT INTO queue_entry AS q (workflow_id, candidate_id, priority, rank2, rank3, rank4, showcase, disagreement,
                                          route, shuffle, votes, evaluation, open)
            SELECT ?, n.candidate_id, n.priority, nullif(n.rank2, 'NaN'), nullif(n.rank3, 'NaN'),
                   nullif(n.rank4, 'NaN'), nullif(n.showcase, 'NaN'), nullif(n.disagreement, 'NaN'), n.route,
                   n.shuffle, n.votes, n.evaluation = 1, n.open = 1
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (candidate_id, priority, rank2, rank3, rank4, showcase,
                 disagreement, route, shuffle, votes, evaluation, open)
            ORDER BY n.candidate_id
            ON CONFLICT (workflow_id, candidate_id) DO NOTHING
            """;

    /**
     * Who computes entries and writes them holds this until the end of the transaction, or what was read earlier could be
     * written later. An advisory lock: one on rows would give the transaction its id, and readers of the log would wait.
     */
    private static final String ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('queue', ?))";

    /** Many may hold this at once who compute entries of different candidates. */
    private static final String BESIDE_OTHERS = "SELECT pg_advisory_xact_lock_shared(hashtextextended('queue', ?))";

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

    /** As {@link #refresh}, while others do the same for other candidates: no candidate may be given to two at once. */
    @Transactional
    void refreshBesideOthers(long workflowId, Collection<Long> candidateIds) {
        rank(Ranking.of(workflows.byId(workflowId)), workflowId, candidateIds, false, BESIDE_OTHERS);
    }

    /**
     * Brings the entries of these candidates up to date, by a ranking that may be another one than before.
     *
     * @param anew whether keys of strategies that a candidate alone does not tell are taken back, too
     */
    void rank(Ranking ranking, long workflowId, Collection<Long> candidateIds, boolean anew) {
        rank(ranking, workflowId, candidateIds, anew, ALONE);
    }

    private void rank(Ranking ranking, long workflowId, Collection<Long> candidateIds, boolean anew, String lock) {
        sql.query(lock, row -> true, workflowId);
        // In order: whoever locks several entries does it in the same.
        List<Long> ids = new ArrayList<>(new TreeSet<>(candidateIds));
        SplittableRandom random = randomSource.split();
        String update = update(ranking, anew);
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<Long> page = ids.subList(from, Math.min(from + PAGE, ids.size()));
            write(update, workflowId, ranking, known.of(workflowId, ranking, page), random);
        }
    }

    /** For whoever changes entries of a workflow by other means, once in its transaction: nobody computes them meanwhile. */
    void lock(long workflowId) {
        sql.query(ALONE, row -> true, workflowId);
    }

    /** Where a batch as a whole was ranked, single candidates keep their keys. */
    private static String update(Ranking ranking, boolean anew) {
        Object[] values = {"n.rank2", "n.rank3", "n.rank4"};
        for (Ranking.Rank rank : ranking.ranks()) {
            if (rank.strategy() == RankingStrategy.DIVERSE && !anew) {
                values[rank.column() - 1] = "q.rank" + (rank.column() + 1);
            }
        }
        return UPDATE.formatted(values);
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
            String update, long workflowId, Ranking ranking, List<Known> candidates, SplittableRandom random) {
        if (candidates.isEmpty()) {
            return;
        }
        Rows rows = new Rows(candidates, ranking);
        Set<Long> updated = new HashSet<>(sql.query(
                update,
                row -> row.getLong(1),
                workflowId,
                rows.ids,
                rows.keys[0],
                rows.keys[1],
                rows.keys[2],
                rows.keys[3],
                rows.showcase,
                rows.disagreement,
                rows.routes,
                rows.votes,
                rows.open));
        if (updated.size() < candidates.size()) {
            // As they were, or not there yet.
            insert(
                    workflowId,
                    new Rows(
                            candidates.stream()
                                    .filter(one -> !updated.contains(one.candidateId()))
                                    .toList(),
                            ranking),
                    random);
        }
    }

    private void insert(long workflowId, Rows rows, SplittableRandom random) {
        double[] shuffles = new double[rows.ids.length];
        Arrays.setAll(shuffles, i -> random.nextDouble());
        sql.update(
                INSERT,
                workflowId,
                rows.ids,
                rows.keys[0],
                rows.keys[1],
                rows.keys[2],
                rows.keys[3],
                rows.showcase,
                rows.disagreement,
                rows.routes,
                shuffles,
                rows.votes,
                rows.evaluation,
                rows.open);
    }

    /** Columns of entries. */
    private static final class Rows {
        final long[] ids;
        final float[][] keys;
        final float[] showcase;
        final float[] disagreement;
        final @Nullable String[] routes;
        final int[] votes;
        final int[] evaluation;
        final int[] open;

        Rows(List<Known> candidates, Ranking ranking) {
            int n = candidates.size();
            ids = new long[n];
            keys = new float[Ranking.COLUMNS][n];
            showcase = new float[n];
            disagreement = new float[n];
            routes = new String[n];
            votes = new int[n];
            evaluation = new int[n];
            open = new int[n];
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
                votes[i] = one.belief().votes();
                evaluation[i] = one.evaluation() ? 1 : 0;
                open[i] = one.open() ? 1 : 0;
            }
        }
    }
}
