package org.skysieve.cli;

import java.util.OptionalLong;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error; a plain line at the end where that is not a terminal. */
final class Progress implements AutoCloseable {
    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /** @param total steps to do; empty if unknown */
    static Progress start(String task, OptionalLong total) {
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total.orElse(-1))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .showSpeed()
                .build());
    }

    void to(long done) {
        bar.stepTo(done);
    }

    void step() {
        bar.step();
    }

    @Override
    public void close() {
        bar.close();
    }
}
