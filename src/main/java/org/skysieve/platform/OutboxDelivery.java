package org.skysieve.platform;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to one consumer, batch after batch. Only one thread calls {@link #step}; other processes may do the same
 * for the same consumer.
 *
 * <pre>
 *   whole batch --fails twice--> half --fails twice--> ... --> one event --fails 5 times--> outbox_dead
 *        ^                                                          |
 *        +--------------------- doubles with each success ---------+
 * </pre>
 */
final class OutboxDelivery<E extends Record> {
    static final int MAX_BATCH = 500;
    private static final int TRIES_OF_A_BATCH = 2;
    private static final int TRIES_OF_AN_EVENT = 5;
    private static final int MAX_ERROR = 2000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(OutboxDelivery.class);

    /** What a step came to. */
    enum Outcome {
        /** Nothing to read, or another process is at it. */
        IDLE,
        /** Some events were delivered (or given up); there may be more. */
        DELIVERED,
        /** The batch was rolled back; pause before the next step. */
        FAILED
    }

    private record Row(long id, String writtenBy, String payload) {}

    private final OutboxConsumer<E> consumer;
    private final Sql sql;
    private final Clock clock;
    private final Duration timeout;
    private int limit;
    private int tries;
    private int failuresInARow;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dead = new AtomicLong();
    /** The batch that the consumer was given in the current step; empty before. */
    private List<Row> given = List.of();

    OutboxDelivery(OutboxConsumer<E> consumer, Sql sql, Clock clock, Duration timeout) {
        this.consumer = consumer;
        this.sql = sql;
        this.clock = clock;
        this.timeout = timeout;
        this.limit = most();
    }

    private int most() {
        return Math.max(1, Math.min(MAX_BATCH, consumer.most()));
    }

    OutboxConsumer<E> consumer() {
        return consumer;
    }

    String type() {
        return consumer.eventType().getSimpleName();
    }

    long delivered() {
        return delivered.get();
    }

    long dead() {
        return dead.get();
    }

    /** A consumer seen for the first time starts with the oldest event that is still kept. */
    void register() {
        sql.update(
                "INSERT INTO outbox_cursor (consumer, written_by, id) VALUES (?, '0', 0) ON CONFLICT DO NOTHING",
                consumer.name());
    }

    /** Delivers the next batch, if any. Never throws. */
    Outcome step() {
        given = List.of();
        try {
            int count = QuarkusTransaction.requiringNew()
                    .timeout((int) timeout.toSeconds())
                    .call(this::deliver);
            if (count == 0) {
                return Outcome.IDLE;
            }
            delivered.addAndGet(count);
            tries = 0;
            failuresInARow = 0;
            limit = Math.min(most(), limit * 2);
            return Outcome.DELIVERED;
        } catch (Exception | LinkageError | StackOverflowError e) {
            return failed(e);
        }
    }

    /** How long to wait after a failed step. */
    Duration pause() {
        long millis = FIRST_PAUSE.toMillis() << Math.min(failuresInARow, 10);
        return Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
    }

    private int deliver() {
        // Not FOR UPDATE on the cursor: a row lock would give this transaction an id at once, and from then on readers
        // of the log wait for it. An advisory lock does not.
        boolean mine = sql.one(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('skysieve.outbox ' || ?, 0))",
                row -> row.getBoolean(1),
                consumer.name());
        if (!mine) {
            return 0;
        }
        List<Row> rows = sql.query(
                "SELECT next.id, next.written_by::text, next.payload::text FROM outbox_cursor c CROSS JOIN LATERAL ("
                        + " SELECT o.id, o.written_by, o.payload FROM outbox o"
                        + " WHERE o.event_type = ? AND (o.written_by, o.id) > (c.written_by, c.id)"
                        + " AND o.written_by < pg_snapshot_xmin(pg_current_snapshot())"
                        + " ORDER BY o.event_type, o.written_by, o.id LIMIT ?) AS next"
                        + " WHERE c.consumer = ? ORDER BY next.written_by, next.id",
                row -> new Row(row.getLong(1), row.getString(2), row.getString(3)),
                type(),
                limit,
                consumer.name());
        if (rows.isEmpty()) {
            return 0;
        }
        given = rows;
        List<E> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            events.add(read(row));
        }
        consumer.accept(List.copyOf(events));
        moveCursor(rows.get(rows.size() - 1));
        return rows.size();
    }

    private E read(Row row) {
        try {
            return EventJson.MAPPER.readValue(row.payload, consumer.eventType());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("outbox: event " + row.id + " is no " + type(), e);
        }
    }

    private void moveCursor(Row to) {
        sql.update(
                "UPDATE outbox_cursor SET written_by = ?::xid8, id = ? WHERE consumer = ?",
                to.writtenBy,
                to.id,
                consumer.name());
    }

    private Outcome failed(Throwable failure) {
        failuresInARow++;
        if (given.isEmpty() || isTransient(failure)) {
            // Without limit: the database or a broker comes back some day, and no event may be lost until then.
            LOG.warnf("Outbox waits: consumer=%s failures=%d cause=%s", consumer.name(), failuresInARow, failure);
            return Outcome.FAILED;
        }
        tries++;
        if (given.size() > 1) {
            LOG.warnf(
                    "Outbox batch failed: consumer=%s events=%d try=%d cause=%s",
                    consumer.name(), given.size(), tries, failure);
            if (tries >= TRIES_OF_A_BATCH) {
                limit = given.size() / 2;
                tries = 0;
                failuresInARow = 0;
            }
            return Outcome.FAILED;
        }
        limit = 1;
        if (tries < TRIES_OF_AN_EVENT) {
            LOG.warnf(
                    "Outbox event failed: consumer=%s event=%d try=%d cause=%s",
                    consumer.name(), given.get(0).id, tries, failure);
            return Outcome.FAILED;
        }
        return bury(given.get(0), failure);
    }

    private Outcome bury(Row row, Throwable failure) {
        LOG.errorf(failure, "Outbox gives an event up: consumer=%s type=%s event=%d", consumer.name(), type(), row.id);
        String error = String.valueOf(failure);
        String shortened = error.substring(0, Math.min(error.length(), MAX_ERROR));
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                sql.update(
                        "INSERT INTO outbox_dead (consumer, id, event_type, payload, error, failed_at)"
                                + " VALUES (?, ?, ?, ?::jsonb, ?, ?) ON CONFLICT DO NOTHING",
                        consumer.name(),
                        row.id,
                        type(),
                        row.payload,
                        shortened,
                        clock.instant());
                // Only forward: another process may have delivered it after all.
                sql.update(
                        "UPDATE outbox_cursor SET written_by = ?::xid8, id = ?, failures = failures + 1, last_error = ?"
                                + " WHERE consumer = ? AND (written_by, id) < (?::xid8, ?)",
                        row.writtenBy,
                        row.id,
                        shortened,
                        consumer.name(),
                        row.writtenBy,
                        row.id);
            });
        } catch (RuntimeException e) {
            LOG.warnf("Outbox waits: consumer=%s cause=%s", consumer.name(), e);
            return Outcome.FAILED;
        }
        dead.incrementAndGet();
        tries = 0;
        failuresInARow = 0;
        limit = most();
        return Outcome.DELIVERED;
    }

    private static boolean isTransient(Throwable failure) {
        if (SqlFailure.isTransient(failure)) {
            return true;
        }
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof RetryLater
                    || cause instanceof IOException && !(cause instanceof JsonProcessingException)
                    || cause instanceof TimeoutException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
