package org.skysieve.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import org.jboss.logging.Logger;

/**
 * Carries events from the outbox to the consumers of this process: one thread looks for work and wakes one thread a
 * consumer, so a slow consumer delays nobody else.
 */
@ApplicationScoped
class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final Duration LAG_EVERY = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Instance<OutboxConsumer<?>> consumers;
    private final Sql sql;
    private final Doorbell doorbell;
    private final OutboxConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Double> lagSeconds = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    OutboxRelay(
            @Any Instance<OutboxConsumer<?>> consumers,
            Sql sql,
            Doorbell doorbell,
            OutboxConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.consumers = consumers;
        this.sql = sql;
        this.doorbell = doorbell;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Late: what consumers prepare at startup comes first. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 1000) StartupEvent event) {
        if (!config.relay()) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (OutboxConsumer<?> consumer : consumers) {
            if (!names.add(consumer.name())) {
                throw new IllegalStateException("outbox: two consumers are named " + consumer.name());
            }
            OutboxDelivery<?> delivery = new OutboxDelivery<>(consumer, sql, clock, config.timeout());
            delivery.register();
            workers.add(new Worker(delivery));
            measure(delivery);
        }
        for (Worker worker : workers) {
            launch("outbox-" + worker.delivery.consumer().name(), worker);
        }
        launch("outbox-relay", this::look);
    }

    /** Early: consumers are still whole. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopped = true;
        doorbell.ring(Outbox.TOPIC);
        workers.forEach(worker -> worker.wake.release());
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
    }

    /** Seconds that the oldest undelivered event of each consumer has waited; 0 for none. */
    Map<String, Double> lagSeconds() {
        return Map.copyOf(lagSeconds);
    }

    /** Whether all threads that should run do. */
    boolean isAlive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /** Deletes what every consumer has passed, and what nobody reads, after its time. */
    @Scheduled(every = "10m", delayed = "1m")
    void purge() {
        Map<String, List<String>> namesByType = new HashMap<>();
        for (OutboxConsumer<?> consumer : consumers) {
            namesByType
                    .computeIfAbsent(consumer.eventType().getSimpleName(), type -> new ArrayList<>())
                    .add(consumer.name());
        }
        Instant now = clock.instant();
        namesByType.forEach((type, names) -> sql.update(
                "WITH slowest AS (SELECT written_by, id FROM outbox_cursor WHERE consumer = ANY(?)"
                        + " ORDER BY written_by, id LIMIT 1)"
                        + " DELETE FROM outbox o USING slowest s WHERE o.event_type = ?"
                        + " AND (o.written_by, o.id) <= (s.written_by, s.id) AND o.created_at < ?",
                names.toArray(String[]::new),
                type,
                now.minus(config.keepDelivered())));
        sql.update(
                "DELETE FROM outbox WHERE event_type <> ALL(?) AND created_at < ?",
                namesByType.keySet().toArray(String[]::new),
                now.minus(config.keepUnread()));
    }

    private void measure(OutboxDelivery<?> delivery) {
        String name = delivery.consumer().name();
        lagSeconds.put(name, 0.0);
        FunctionCounter.builder("skysieve.outbox.delivered", delivery, OutboxDelivery::delivered)
                .tag("consumer", name)
                .register(metrics);
        FunctionCounter.builder("skysieve.outbox.dead", delivery, OutboxDelivery::dead)
                .tag("consumer", name)
                .register(metrics);
        Gauge.builder("skysieve.outbox.lag", () -> lagSeconds.getOrDefault(name, 0.0))
                .baseUnit("seconds")
                .tag("consumer", name)
                .register(metrics);
    }

    private void launch(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void look() {
        String[] names = workers.stream()
                .map(worker -> worker.delivery.consumer().name())
                .toArray(String[]::new);
        String[] types = workers.stream().map(worker -> worker.delivery.type()).toArray(String[]::new);
        Instant lagDue = clock.instant();
        try (Doorbell.Bell bell = doorbell.listen(Outbox.TOPIC)) {
            while (!stopped) {
                try {
                    Set<String> busy = new HashSet<>(withWork(names, types));
                    for (Worker worker : workers) {
                        if (busy.contains(worker.delivery.consumer().name())) {
                            worker.wake.release();
                        }
                    }
                    if (!clock.instant().isBefore(lagDue)) {
                        lagDue = clock.instant().plus(LAG_EVERY);
                        readLag(names, types);
                    }
                } catch (RuntimeException e) {
                    LOG.warnf("Outbox cannot be read: cause=%s", e);
                }
                bell.await(config.poll());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> withWork(String[] names, String[] types) {
        // The first in the order of the index: EXISTS has the planner look through the whole table for one.
        return sql.query(
                "SELECT k.name FROM unnest(?::text[], ?::text[]) AS k(name, type)"
                        + " JOIN outbox_cursor c ON c.consumer = k.name"
                        + " WHERE (SELECT o.id FROM outbox o WHERE o.event_type = k.type"
                        + " AND (o.written_by, o.id) > (c.written_by, c.id)"
                        + " AND o.written_by < pg_snapshot_xmin(pg_current_snapshot())"
                        + " ORDER BY o.event_type, o.written_by, o.id LIMIT 1) IS NOT NULL",
                row -> row.getString(1),
                names,
                types);
    }

    private void readLag(String[] names, String[] types) {
        sql.query(
                        "SELECT k.name, coalesce(extract(epoch FROM now() - (SELECT o.created_at FROM outbox o"
                                + " WHERE o.event_type = k.type AND (o.written_by, o.id) > (c.written_by, c.id)"
                                + " ORDER BY o.event_type, o.written_by, o.id LIMIT 1)), 0)"
                                + " FROM unnest(?::text[], ?::text[]) AS k(name, type)"
                                + " JOIN outbox_cursor c ON c.consumer = k.name",
                        row -> Map.entry(row.getString(1), row.getDouble(2)),
                        names,
                        types)
                .forEach(entry -> lagSeconds.put(entry.getKey(), entry.getValue()));
    }

    private final class Worker implements Runnable {
        private final OutboxDelivery<?> delivery;
        private final Semaphore wake = new Semaphore(0);

        private Worker(OutboxDelivery<?> delivery) {
            this.delivery = delivery;
        }

        @Override
        public void run() {
            try {
                while (!stopped) {
                    wake.acquire();
                    wake.drainPermits();
                    deliverAll();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void deliverAll() throws InterruptedException {
            while (!stopped) {
                OutboxDelivery.Outcome outcome = inRequestContext();
                if (outcome == OutboxDelivery.Outcome.IDLE) {
                    return;
                }
                if (outcome == OutboxDelivery.Outcome.FAILED) {
                    Thread.sleep(delivery.pause().toMillis());
                }
            }
        }

        // Some beans of the framework are request scoped; each batch gets a fresh context.
        private OutboxDelivery.Outcome inRequestContext() {
            ManagedContext context = Arc.container().requestContext();
            context.activate();
            try {
                return delivery.step();
            } finally {
                context.terminate();
            }
        }
    }
}
