package org.skysieve.platform;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * Wakes threads of this process that wait for work, so that they need not poll fast. A hint, not a message: it may be
 * lost (another process did the work), so every waiter also polls by itself.
 */
@ApplicationScoped
public class Doorbell {
    private static final String RESOURCE_KEY = Doorbell.class.getName();

    private final TransactionSynchronizationRegistry transaction;
    private final Map<String, CopyOnWriteArrayList<Bell>> bells = new ConcurrentHashMap<>();

    Doorbell(TransactionSynchronizationRegistry transaction) {
        this.transaction = transaction;
    }

    /** Wakes the waiters: after the commit of the current transaction (not after a rollback), or at once without one. */
    public void ring(String topic) {
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            ringNow(topic);
            return;
        }
        if (transaction.getResource(RESOURCE_KEY) instanceof AfterCommit registered) {
            registered.topics.add(topic);
            return;
        }
        AfterCommit afterCommit = new AfterCommit();
        afterCommit.topics.add(topic);
        transaction.putResource(RESOURCE_KEY, afterCommit);
        transaction.registerInterposedSynchronization(afterCommit);
    }

    /** A bell for one waiting thread. Close it when done. */
    public Bell listen(String topic) {
        Bell bell = new Bell(topic);
        bells.computeIfAbsent(topic, unused -> new CopyOnWriteArrayList<>()).add(bell);
        return bell;
    }

    private void ringNow(String topic) {
        for (Bell bell : bells.getOrDefault(topic, new CopyOnWriteArrayList<>())) {
            bell.rung.release();
        }
    }

    /** Remembers a ring until the next {@link #await}: work that comes between two waits is not missed. */
    public final class Bell implements AutoCloseable {
        private final String topic;
        private final Semaphore rung = new Semaphore(0);

        private Bell(String topic) {
            this.topic = topic;
        }

        /**
         * Waits for a ring, at most {@code timeout}; many rings count as one.
         *
         * @return whether it rang
         */
        public boolean await(Duration timeout) throws InterruptedException {
            boolean rang = rung.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS);
            rung.drainPermits();
            return rang;
        }

        @Override
        public void close() {
            bells.getOrDefault(topic, new CopyOnWriteArrayList<>()).remove(this);
        }
    }

    private final class AfterCommit implements Synchronization {
        private final Set<String> topics = new HashSet<>();

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                topics.forEach(Doorbell.this::ringNow);
            }
        }
    }
}
