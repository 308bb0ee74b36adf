package org.skysieve.platform;

import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.SplittableRandom;

import jakarta.inject.Singleton;

import io.smallrye.config.ConfigMapping;

/** Where generators come from: {@code skysieve.random.seed} makes a single-threaded run repeatable. */
@Singleton
public final class RandomSource {
    @ConfigMapping(prefix = "skysieve.random")
    interface Config {
        /** Absent: a fresh seed at each start. */
        OptionalLong seed();
    }

    private final SplittableRandom root;

    RandomSource(Config config) {
        root = new SplittableRandom(config.seed().orElseGet(() -> new SecureRandom().nextLong()));
    }

    /** A generator of one's own, independent of all others; safe to call from any thread. */
    public synchronized SplittableRandom split() {
        return root.split();
    }
}
