package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.alert.AlertSink;

/**
 * Reads alert packets from a folder, an archive or a file, does some work on each on worker threads, and hands packet
 * and outcome on in the order read. Memory holds a bounded number of packets, whatever the length of the stream.
 */
final class AlertStream {
    /** Packets under way; one is about 60 kB. */
    private static final int MOST_UNDER_WAY = 64;

    private static final int SHOWN = 20;

    private AlertStream() {}

    /** What becomes of a packet, on the reading thread, in the order read. */
    interface Outcome<T> {
        void take(AlertPacket packet, T result) throws IOException;
    }

    /**
     * @param packets readable ones
     * @param unreadable records and files that should have been alerts
     */
    record Counts(long packets, long unreadable) {}

    private record Under<T>(AlertPacket packet, Future<T> result) {}

    static void requireThere(Path alerts) {
        if (!Files.exists(alerts)) {
            throw new IllegalArgumentException("--alerts: there is no file or folder " + alerts);
        }
    }

    /**
     * @param task for the progress bar
     * @param threads this one reads and decodes, the others work; with 1 everything happens here
     * @param err told of the first packets that cannot be read, with the reason
     * @param work thread-safe; what it throws ends the reading
     */
    static <T> Counts read(
            Path alerts, String task, int threads, PrintWriter err, Function<AlertPacket, T> work, Outcome<T> outcome)
            throws IOException {
        requireThere(alerts);
        OptionalLong total = AlertReader.count(alerts);
        ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, threads - 1), runnable -> {
            Thread thread = new Thread(runnable, "alerts");
            thread.setDaemon(true);
            return thread;
        });
        try (Progress progress = Progress.start(task, total)) {
            Reading<T> reading = new Reading<>(threads == 1 ? null : workers, err, work, outcome, progress);
            AlertReader.read(alerts, reading);
            reading.finish();
            return new Counts(reading.packets, reading.unreadable);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } finally {
            workers.shutdownNow();
        }
    }

    private static final class Reading<T> implements AlertSink {
        private final @Nullable ExecutorService workers;
        private final PrintWriter err;
        private final Function<AlertPacket, T> work;
        private final Outcome<T> outcome;
        private final Progress progress;
        private final ArrayDeque<Under<T>> underWay = new ArrayDeque<>();
        private long packets;
        private long unreadable;

        Reading(
                @Nullable ExecutorService workers,
                PrintWriter err,
                Function<AlertPacket, T> work,
                Outcome<T> outcome,
                Progress progress) {
            this.workers = workers;
            this.err = err;
            this.work = work;
            this.outcome = outcome;
            this.progress = progress;
        }

        @Override
        public void accepted(String source, AlertPacket packet) {
            packets++;
            if (workers == null) {
                hand(packet, work.apply(packet));
                return;
            }
            underWay.add(new Under<>(packet, workers.submit(() -> work.apply(packet))));
            while (underWay.size() >= MOST_UNDER_WAY || !underWay.isEmpty() && isFirstDone()) {
                handFirst();
            }
        }

        private boolean isFirstDone() {
            return underWay.element().result.isDone();
        }

        private void handFirst() {
            Under<T> first = underWay.remove();
            try {
                hand(first.packet, first.result.get());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while reading alerts", stopped);
            } catch (ExecutionException failure) {
                throw new IllegalStateException(
                        "candid " + first.packet.candid() + ": " + failure.getCause(), failure.getCause());
            }
        }

        private void hand(AlertPacket packet, T result) {
            try {
                outcome.take(packet, result);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            progress.step();
        }

        @Override
        public void rejected(String source, String reason, byte[] raw) {
            if (unreadable++ < SHOWN) {
                err.println(source + ": " + reason + "; left out");
            }
            progress.step();
        }

        void finish() {
            while (!underWay.isEmpty()) {
                handFirst();
            }
            if (unreadable > SHOWN) {
                err.println("... and " + (unreadable - SHOWN) + " more that cannot be read");
            }
            err.flush();
        }
    }
}
