package org.skysieve.export;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Exports. */
@ConfigMapping(prefix = "skysieve.export")
interface ExportConfig {
    /** How many run at once in this process; each holds a connection for as long as its reader takes. */
    @WithDefault("3")
    @Min(1)
    @Max(16)
    int concurrent();
}
