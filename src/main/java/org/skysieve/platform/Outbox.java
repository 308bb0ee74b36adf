package org.skysieve.platform;

import java.util.List;

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
        publishAll(List.of(event));
    }

    /** As {@link #publish}, for many in one statement: consumers are given them in this order. */
    public void publishAll(List<? extends Record> events) {
        if (events.isEmpty()) {
            return;
        }
        String[] types = new String[events.size()];
        String[] payloads = new String[events.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = events.get(i).getClass().getSimpleName();
            payloads[i] = write(events.get(i));
        }
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("outbox: event " + types[0] + " needs an active transaction");
        }
        sql.update(
                "INSERT INTO outbox (event_type, payload) SELECT n.type, n.payload::jsonb"
                        + " FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS n (type, payload, place)"
                        + " ORDER BY n.place",
                types,
                payloads);
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
