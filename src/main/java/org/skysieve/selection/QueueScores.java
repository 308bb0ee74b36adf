package org.skysieve.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.RetryLater;
import org.skysieve.score.ScoresUpdated;

/**
 * New scores reorder the queue: page by page, two at a time, each in a short transaction of its own, since serving passes by
 * the entries that a transaction holds. The cursor moves when all are done; what is repeated after a crash gives the same
 * entries again.
 */
@ApplicationScoped
class QueueScores implements OutboxConsumer<ScoresUpdated> {
    private static final int PAGE = 500;
    /** While one waits for the database the other computes. */
    private static final int AT_ONCE = 2;

    private static final int PAGE_SECONDS = 120;

    private final Queue queue;
    private final ExecutorService workers;

    QueueScores(Queue queue) {
        this.queue = queue;
        this.workers = Executors.newFixedThreadPool(AT_ONCE, work -> {
            Thread worker = new Thread(work, "queue-scores");
            worker.setDaemon(true);
            return worker;
        });
    }

    @PreDestroy
    void stop() {
        workers.shutdownNow();
    }

    @Override
    public String name() {
        return "selection.scores";
    }

    @Override
    public Class<ScoresUpdated> eventType() {
        return ScoresUpdated.class;
    }

    /** Each stands for hundreds of entries. */
    @Override
    public int most() {
        return 50;
    }

    @Override
    public void accept(List<ScoresUpdated> events) {
        List<Future<?>> pages = new ArrayList<>();
        for (Map.Entry<Long, Set<Long>> touched : Batches.by(
                        events, ScoresUpdated::workflowId, ScoresUpdated::candidateIds)
                .entrySet()) {
            List<Long> ids = new ArrayList<>(touched.getValue());
            for (int from = 0; from < ids.size(); from += PAGE) {
                List<Long> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
                pages.add(workers.submit(() -> QuarkusTransaction.requiringNew()
                        .timeout(PAGE_SECONDS)
                        .run(() -> queue.refreshBesideOthers(touched.getKey(), page))));
            }
        }
        await(pages);
    }

    private static void await(List<Future<?>> pages) {
        try {
            for (Future<?> page : pages) {
                page.get();
            }
        } catch (InterruptedException e) {
            pages.forEach(page -> page.cancel(false));
            Thread.currentThread().interrupt();
            throw new RetryLater("selection.scores: interrupted", e);
        } catch (ExecutionException e) {
            pages.forEach(page -> page.cancel(false));
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("selection.scores: a page of the queue failed", e);
        }
    }
}
