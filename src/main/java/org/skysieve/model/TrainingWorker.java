package org.skysieve.model;

import java.time.Duration;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Niceness;

/** The one thread of a process that trains; woken by the doorbell, else it looks every two seconds. */
@ApplicationScoped
class TrainingWorker {
    private static final Logger LOG = Logger.getLogger(TrainingWorker.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    /** Between two looks, however often it rings: each label rings. */
    private static final Duration REST = Duration.ofMillis(500);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A third of the share of a thread that serves: out of its way, and on a busy machine still getting on. */
    private static final int NICENESS = 5;

    private final Training training;
    private final DriftChecks drift;
    private final Doorbell doorbell;
    private @Nullable Thread thread;

    TrainingWorker(Training training, DriftChecks drift, Doorbell doorbell) {
        this.training = training;
        this.drift = drift;
        this.doorbell = doorbell;
    }

    void start(@Observes @Priority(Interceptor.Priority.APPLICATION + 500) StartupEvent event) {
        Thread worker = new Thread(this::work, "training");
        worker.setDaemon(true);
        worker.setPriority(Thread.MIN_PRIORITY);
        thread = worker;
        worker.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
            // A run that goes on is found marked as running at the next start.
            worker.join(PATIENCE.toMillis());
        }
    }

    private void work() {
        Niceness.ofThisThread(NICENESS);
        try (Doorbell.Bell bell = doorbell.listen(Training.TOPIC)) {
            Duration wait = Duration.ofMillis(1);
            while (!Thread.currentThread().isInterrupted()) {
                bell.await(wait);
                wait = look() ? POLL : AFTER_FAILURE;
                Thread.sleep(REST.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            training.installBuiltin();
            training.requestDue();
            training.runWaiting();
            drift.checkDue();
            return true;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.errorf(e, "The training worker failed and tries again: seconds=%d", AFTER_FAILURE.toSeconds());
            }
            return false;
        }
    }
}
