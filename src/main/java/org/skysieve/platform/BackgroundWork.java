package org.skysieve.platform;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Work that one thread of low priority does piece by piece: at once while there is some, else when the doorbell rings, and at
 * the latest after a while. A failure is logged and tried again, each time later.
 */
public final class BackgroundWork {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(BackgroundWork.class);

    private final String name;
    private final Doorbell doorbell;
    private final String topic;
    private final Duration poll;
    private final Duration maxBackoff;
    private final BooleanSupplier piece;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /**
     * @param name of the thread, and in the log
     * @param topic whose bell wakes it
     * @param poll the longest wait for work
     * @param maxBackoff the longest wait after failures
     * @param piece does a piece and tells whether there was any
     */
    public BackgroundWork(
            String name, Doorbell doorbell, String topic, Duration poll, Duration maxBackoff, BooleanSupplier piece) {
        this.name = name;
        this.doorbell = doorbell;
        this.topic = topic;
        this.poll = poll;
        this.maxBackoff = maxBackoff;
        this.piece = piece;
    }

    public void start() {
        Thread worker = new Thread(this::run, name);
        worker.setDaemon(true);
        worker.setPriority(Thread.MIN_PRIORITY);
        thread = worker;
        worker.start();
    }

    /** Interrupts it and waits some seconds for its end. */
    public void stop() throws InterruptedException {
        stopping = true;
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
            worker.join(STOP_PATIENCE.toMillis());
        }
    }

    /** Whether a piece should end early. */
    public boolean stopping() {
        return stopping;
    }

    private void run() {
        Duration wait = poll;
        try (Doorbell.Bell bell = doorbell.listen(topic)) {
            while (!stopping) {
                try {
                    wait = piece.getAsBoolean() ? Duration.ZERO : poll;
                } catch (RuntimeException e) {
                    if (stopping) {
                        return;
                    }
                    Duration longer = wait.multipliedBy(2);
                    wait = longer.compareTo(maxBackoff) < 0 ? longer.plus(poll) : maxBackoff;
                    LOG.warnf(e, "Background work failed; trying again, work=%s wait=%s", name, wait);
                }
                if (!wait.isZero()) {
                    bell.await(wait);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
