package org.skysieve.platform;

import java.util.List;

/**
 * One reader of the outbox: a CDI bean (application scoped or singleton). Every event committed by any process reaches
 * it once, in the order of the log, as far as the database can see: the effects of {@link #accept} and the cursor
 * commit in one transaction, so a crash repeats both or neither.
 *
 * @param <E> the event
 */
public interface OutboxConsumer<E extends Record> {
    /** The key of the cursor, such as {@code "selection.queue"}: unique, and never changed once released. */
    String name();

    Class<E> eventType();

    /** The most events that one call of {@link #accept} is given; fewer where each of them stands for many rows. */
    default int most() {
        return OutboxDelivery.MAX_BATCH;
    }

    /**
     * Handles the next events: 1 to {@link #most()}, in order. Runs in the relay's transaction, on the consumer's own thread, in
     * one process at a time. Throw to have the batch rolled back and repeated; an event that keeps failing alone is
     * skipped and kept in {@code outbox_dead}.
     *
     * <p>Compute first and write last: from its first write on, a transaction holds back what all readers of the log
     * may see.
     */
    void accept(List<E> events);
}
