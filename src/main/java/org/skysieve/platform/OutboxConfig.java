package org.skysieve.platform;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How events travel between rooms. */
@ConfigMapping(prefix = "skysieve.outbox")
interface OutboxConfig {
    /** False for a process that only answers requests; some other process must then relay. */
    @WithDefault("true")
    boolean relay();

    /** How soon events of other processes are noticed; those of this process are at once. */
    @WithDefault("100MS")
    Duration poll();

    /** The longest that one batch may take. */
    @WithDefault("5M")
    Duration timeout();

    /** Delivered events are kept so long, for whoever wants to look. */
    @WithDefault("1H")
    Duration keepDelivered();

    /** Events of a type that no consumer reads (any more, or yet) are kept so long. */
    @WithDefault("30D")
    Duration keepUnread();
}
