package org.skysieve.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.jspecify.annotations.Nullable;

/** One embedded PostgreSQL for all tests of a JVM, in a folder that is new each time. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
    private static @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        EmbeddedPostgres running = shared();
        return Map.of(
                "quarkus.datasource.jdbc.url", running.jdbcUrl(),
                "quarkus.datasource.username", running.username(),
                "quarkus.datasource.password", running.password());
    }

    @Override
    public void stop() {
        // Left to the JVM's shutdown hook: the next test class uses the same server.
    }

    /** The server, started at first use. */
    public static synchronized EmbeddedPostgres shared() {
        if (postgres == null) {
            try {
                Path folder = Files.createDirectories(Path.of("target")).toAbsolutePath();
                postgres = EmbeddedPostgres.start(
                        Files.createTempDirectory(folder, "test-postgres-"), System.out::println);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return postgres;
    }
}
