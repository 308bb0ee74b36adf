package org.skysieve.selection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.score.ScoresUpdated;

/** New scores reorder the queue. */
@ApplicationScoped
class QueueScores implements OutboxConsumer<ScoresUpdated> {
    private final Queue queue;

    QueueScores(Queue queue) {
        this.queue = queue;
    }

    @Override
    public String name() {
        return "selection.scores";
    }

    @Override
    public Class<ScoresUpdated> eventType() {
        return ScoresUpdated.class;
    }

    /** Each stands for hundreds of entries, and serving passes by those that a transaction holds. */
    @Override
    public int most() {
        return 5;
    }

    @Override
    public void accept(List<ScoresUpdated> events) {
        Batches.by(events, ScoresUpdated::workflowId, ScoresUpdated::candidateIds)
                .forEach(queue::refresh);
    }
}
