package org.skysieve.platform;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;

import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * The transactional outbox: an event is written in the transaction that changed the state, so both commit or neither.
 * The relay hands it to every {@link OutboxConsumer} of its type.
 */
@ApplicationScoped
public class Outbox {
    /** The doorbell rung after a commit that wrote events. */
    static final String TOPIC = "outbox";

    private final Sql sql;
    private final Doorbell doorbell;
    private final TransactionSynchronizationRegistry transaction;

    Outbox(Sql sql, Doorbell doorbell, TransactionSynchronizationRegistry transaction) {
        this.sql = sql;
        this.doorbell = doorbell;
        this.transaction = transaction;
    }

    /**
     * Writes an event; it becomes visible when the current transaction commits.
     *
     * @param event a public record of the owning room that Jackson can write and read back
     * @throws IllegalStateException without an active transaction
     */
    public void publish(Record event) {
        String type = event.getClass().getSimpleName();
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("outbox: event " + type + " needs an active transaction");
        }
        sql.update("INSERT INTO outbox (event_type, payload) VALUES (?, ?::jsonb)", type, write(event));
        doorbell.ring(TOPIC);
    }

    private static String write(Record event) {
        try {
            return EventJson.MAPPER.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "outbox: cannot write " + event.getClass().getName() + " as JSON", e);
        }
    }
}
