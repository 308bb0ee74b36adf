package org.skysieve.ingest;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "skysieve.ingest")
interface IngestConfig {
    /** Packets a transaction, 1 to 500. More is faster and holds objects locked for longer. */
    @WithDefault("50")
    @Min(1)
    @Max(500)
    int batch();

    /** Dead letters kept of one run; further ones are only counted. A stream of rubbish must not fill the disk. */
    @WithDefault("10000")
    @Min(0)
    int maxDeadLetters();

    /** The slug of the project that takes the alerts of the channel alerts-in. */
    Optional<String> project();
}
