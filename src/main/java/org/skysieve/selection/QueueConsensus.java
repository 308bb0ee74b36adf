package org.skysieve.selection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.consensus.ConsensusChanged;
import org.skysieve.platform.OutboxConsumer;

/** Votes move candidates in the queue, retirement takes them out, an undo may bring them back. */
@ApplicationScoped
class QueueConsensus implements OutboxConsumer<ConsensusChanged> {
    private final Queue queue;

    QueueConsensus(Queue queue) {
        this.queue = queue;
    }

    @Override
    public String name() {
        return "selection.consensus";
    }

    @Override
    public Class<ConsensusChanged> eventType() {
        return ConsensusChanged.class;
    }

    /** Each stands for hundreds of entries, and serving passes by those that a transaction holds. */
    @Override
    public int most() {
        return 5;
    }

    @Override
    public void accept(List<ConsensusChanged> events) {
        Batches.by(
                        events,
                        ConsensusChanged::workflowId,
                        event -> event.changes().stream()
                                .map(ConsensusChanged.Change::candidateId)
                                .toList())
                .forEach(queue::refresh);
    }
}
