package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

import org.skysieve.platform.BackgroundWork;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Sql;
import org.skysieve.project.Workflows;

/**
 * Ranks queues anew when the rules have changed: all that is open, in order of id, page by page, each in a short transaction,
 * so that the queue is served meanwhile (by keys of the old rules where the new ones have not come yet; the logged
 * probabilities are those of the keys found). How far it has come stands in {@code reranking}: a restart goes on there, and of
 * several processes one works on a workflow at a time.
 */
@ApplicationScoped
class Reranker {
    static final String TOPIC = "rerank";

    static final int PAGE = 2000;
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(60);
    private static final Duration BATCHES_EVERY = Duration.ofSeconds(30);

    private final Sql sql;
    private final Queue queue;
    private final DiverseBatch diverse;
    private final Workflows workflows;
    private final Clock clock;
    private Instant nextBatches = Instant.EPOCH;
    private final BackgroundWork work;

    Reranker(Sql sql, Queue queue, DiverseBatch diverse, Workflows workflows, Doorbell doorbell, Clock clock) {
        this.sql = sql;
        this.queue = queue;
        this.diverse = diverse;
        this.workflows = workflows;
        this.clock = clock;
        this.work = new BackgroundWork("reranker", doorbell, TOPIC, POLL, MAX_BACKOFF, this::rankOrDraw);
    }

    void start(@Observes StartupEvent event) {
        work.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        work.stop();
    }

    private boolean rankOrDraw() {
        boolean worked = rankAll();
        if (!worked) {
            drawBatches();
        }
        return worked;
    }

    /**
     * Ranks one page of every workflow that has something to rank anew.
     *
     * @return whether there was anything
     */
    boolean rankAll() {
        boolean worked = false;
        for (long workflowId : sql.query(
                "SELECT workflow_id FROM reranking WHERE NOT done ORDER BY workflow_id LIMIT 100",
                row -> row.getLong(1))) {
            if (work.stopping()) {
                return false;
            }
            worked |= QuarkusTransaction.requiringNew().timeout(120).call(() -> rankPage(workflowId));
        }
        return worked;
    }

    /** Looks once in half a minute whether a diverse batch is nearly used up. */
    private void drawBatches() {
        Instant now = clock.instant();
        if (now.isBefore(nextBatches)) {
            return;
        }
        nextBatches = now.plus(BATCHES_EVERY);
        workflows.active().forEach(diverse::drawIfNeeded);
    }

    private boolean rankPage(long workflowId) {
        boolean mine = sql.one(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('rerank', ?))",
                row -> row.getBoolean(1),
                workflowId);
        if (!mine) {
            return false;
        }
        List<long[]> state = sql.query(
                "SELECT version, after_id FROM reranking WHERE workflow_id = ? AND NOT done",
                row -> new long[] {row.getLong(1), row.getLong(2)},
                workflowId);
        if (state.isEmpty()) {
            return false;
        }
        List<Long> page = sql.query(
                "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND candidate_id > ? AND open"
                        + " ORDER BY candidate_id LIMIT " + PAGE,
                row -> row.getLong(1),
                workflowId,
                state.get(0)[1]);
        queue.rank(Ranking.of(workflows.byId(workflowId)), workflowId, page, true);
        sql.update(
                "UPDATE reranking SET after_id = ?, done = ? WHERE workflow_id = ? AND version = ?",
                page.isEmpty() ? state.get(0)[1] : page.get(page.size() - 1),
                page.size() < PAGE,
                workflowId,
                state.get(0)[0]);
        return true;
    }
}
