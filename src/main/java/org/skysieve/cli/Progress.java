package org.skysieve.cli;

import java.time.Duration;
import java.util.OptionalLong;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; a plain line at the end where that is no terminal. Thread-safe. */
final class Progress implements AutoCloseable {
    private final String task;
    private final long startedNanos = System.nanoTime();
    private final @Nullable ProgressBar bar;
    private long done;

    private Progress(String task, @Nullable ProgressBar bar) {
        this.task = task;
        this.bar = bar;
    }

    /** @param total steps to do; empty if unknown */
    static Progress start(String task, OptionalLong total) {
        if (System.console() == null) {
            return new Progress(task, null);
        }
        return new Progress(
                task,
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total.orElse(-1))
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .showSpeed()
                        .build());
    }

    synchronized void to(long nowDone) {
        done = nowDone;
        if (bar != null) {
            bar.stepTo(nowDone);
        }
    }

    synchronized void step() {
        to(done + 1);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        } else {
            System.err.println(task + ": " + done + " in "
                    + Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds() + " s");
        }
    }
}
