package org.skysieve.selection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.GoldStandardSet;

/** Gold standards leave the queue: their class is known, they are only mixed in. */
@ApplicationScoped
class QueueGold implements OutboxConsumer<GoldStandardSet> {
    private final Queue queue;
    private final GoldPool pool;

    QueueGold(Queue queue, GoldPool pool) {
        this.queue = queue;
        this.pool = pool;
    }

    @Override
    public String name() {
        return "selection.gold";
    }

    @Override
    public Class<GoldStandardSet> eventType() {
        return GoldStandardSet.class;
    }

    @Override
    public void accept(List<GoldStandardSet> events) {
        Batches.by(events, GoldStandardSet::workflowId, event -> List.of(event.candidateId()))
                .forEach((workflowId, ids) -> {
                    queue.refresh(workflowId, ids);
                    pool.forget(workflowId);
                });
    }
}
