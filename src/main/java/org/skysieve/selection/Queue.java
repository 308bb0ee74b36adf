package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.engine.select.Belief;
import org.skysieve.engine.select.Entropy;
import org.skysieve.engine.select.Priority;
import org.skysieve.platform.RandomSource;
import org.skysieve.platform.Sql;

/**
 * Keeps one entry per workflow and candidate: how much another vote is worth, and whether it is open. An entry is
 * always computed from what the database says now (score, consensus, gold standards), never from the event that asked
 * for it: events may come in any order and twice, and {@link #rebuild} gives the same queue from nothing.
 */
@ApplicationScoped
class Queue {
    private static final int PAGE = 1000;

    private static final String STATE = """
            SELECT c.id, c.evaluation, g.candidate_id IS NOT NULL AS gold,
                   s.probabilities, s.epistemic, s.aleatoric,
                   k.votes, k.combined, k.outcome
            FROM unnest(?) AS wanted (id)
            JOIN candidate c ON c.id = wanted.id
            LEFT JOIN gold_standard g ON g.workflow_id = ? AND g.candidate_id = c.id
            LEFT JOIN score s ON s.workflow_id = ? AND s.candidate_id = c.id
            LEFT JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = c.id
            """;

    // Sorted, so that two processes that refresh the same entries take the row locks in the same order. A vote that has
    // been counted ends the lease that it came from; a lease of somebody else goes on.
    private static final String UPSERT = """
            INSERT INTO queue_entry AS q (workflow_id, candidate_id, priority, shuffle, votes, evaluation, open)
            SELECT ?, n.candidate_id, n.priority, n.shuffle, n.votes, n.evaluation = 1, n.open = 1
            FROM unnest(?, ?, ?, ?, ?, ?) AS n (candidate_id, priority, shuffle, votes, evaluation, open)
            ORDER BY n.candidate_id
            ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET
                priority = excluded.priority, votes = excluded.votes, open = excluded.open,
                leased_until = CASE WHEN q.votes = excluded.votes THEN q.leased_until ELSE (
                    SELECT max(a.lease_until) FROM assignment a
                    WHERE a.workflow_id = excluded.workflow_id AND a.candidate_id = excluded.candidate_id
                      AND a.state = 'open') END
            WHERE (q.priority, q.votes, q.open) IS DISTINCT FROM (excluded.priority, excluded.votes, excluded.open)
            """;

    private final Sql sql;
    private final RandomSource randomSource;
    private final Priority priority = new Priority(new Entropy());

    Queue(Sql sql, RandomSource randomSource) {
        this.sql = sql;
        this.randomSource = randomSource;
    }

    /** Brings the entries of these candidates up to date; ids that are not candidates are ignored. */
    @Transactional
    void refresh(long workflowId, Collection<Long> candidateIds) {
        List<Long> ids = new ArrayList<>(new TreeSet<>(candidateIds));
        SplittableRandom random = randomSource.split();
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<Long> page = ids.subList(from, Math.min(from + PAGE, ids.size()));
            write(workflowId, sql.query(STATE, this::entry, page, workflowId, workflowId, workflowId), random);
        }
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

    private record Entry(long candidateId, float priority, int votes, boolean evaluation, boolean open) {}

    private Entry entry(ResultSet row) throws SQLException {
        boolean counted = row.getObject("votes") != null;
        int votes = counted ? row.getInt("votes") : 0;
        float[] model = Sql.floatsOrNull(row, "probabilities");
        Belief belief;
        if (votes > 0) {
            belief = belief(row, Sql.doubles(row, "combined"), votes);
        } else if (model != null) {
            double[] probabilities = new double[model.length];
            for (int c = 0; c < model.length; c++) {
                probabilities[c] = model[c];
            }
            belief = belief(row, probabilities, 0);
        } else {
            // Whatever the number of classes: nothing is known, so its entropy is 1.
            belief = Belief.uninformed(2);
        }
        boolean open = !row.getBoolean("gold") && (!counted || "open".equals(row.getString("outcome")));
        return new Entry(row.getLong("id"), priority.of(belief), votes, row.getBoolean("evaluation"), open);
    }

    private static Belief belief(ResultSet row, double[] posterior, int votes) throws SQLException {
        return new Belief(posterior, Sql.doubleOrNaN(row, "epistemic"), Sql.doubleOrNaN(row, "aleatoric"), votes);
    }

    private void write(long workflowId, List<Entry> entries, SplittableRandom random) {
        int n = entries.size();
        long[] candidates = new long[n];
        float[] priorities = new float[n];
        double[] shuffles = new double[n];
        int[] votes = new int[n];
        int[] evaluation = new int[n];
        int[] open = new int[n];
        for (int i = 0; i < n; i++) {
            Entry entry = entries.get(i);
            candidates[i] = entry.candidateId;
            priorities[i] = entry.priority;
            shuffles[i] = random.nextDouble();
            votes[i] = entry.votes;
            evaluation[i] = entry.evaluation ? 1 : 0;
            open[i] = entry.open ? 1 : 0;
        }
        if (n > 0) {
            sql.update(UPSERT, workflowId, candidates, priorities, shuffles, votes, evaluation, open);
        }
    }
}
