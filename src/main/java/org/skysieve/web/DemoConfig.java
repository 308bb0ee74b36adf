package org.skysieve.web;

import java.nio.file.Path;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What {@code skysieve demo} asks for. */
@ConfigMapping(prefix = "skysieve.demo")
public interface DemoConfig {
    @WithDefault("false")
    boolean enabled();

    /** Simulated candidates, where no alerts are given. */
    @WithDefault("600")
    int candidates();

    /** Seed of the simulated survey. */
    @WithDefault("20261121")
    long seed();

    /** Alert packets to use instead of the simulated survey: a file, a folder or an archive. */
    Optional<Path> alerts();

    /** Gold standards for these alerts: a CSV with the columns candid and label. */
    Optional<Path> gold();
}
