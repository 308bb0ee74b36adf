package org.skysieve.consensus;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the live consensus runs. When a candidate retires is the workflow's own affair: {@code project.Rules}. */
@ConfigMapping(prefix = "skysieve.consensus")
public interface ConsensusConfig {
    /** Whether this process may do the work. Among those that may, one does. */
    @WithDefault("true")
    boolean run();

    /** The longest wait for votes that no doorbell announced. */
    @WithDefault("100MS")
    Duration poll();

    /** After a batch, time for the next to gather: a batch of a hundred costs little more than one of ten. */
    @WithDefault("50MS")
    Duration gather();

    /** The most entries of a log that one transaction applies. */
    @WithDefault("500")
    int batch();

    /**
     * Everything is fitted anew after so many entries, or a tenth of all votes if that is more; later where the last fit
     * took so long that fits would take more than a twentieth of the time.
     */
    @WithDefault("200")
    int refitEvery();
}
