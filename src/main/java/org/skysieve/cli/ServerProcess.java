package org.skysieve.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

import io.quarkus.runtime.Quarkus;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.EmbeddedPostgres;

/** Brings up what the server needs (data folder, secrets, database) and boots it; returns when it has stopped. */
final class ServerProcess {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";

    private ServerProcess() {}

    static int run(ServerOptions options) throws IOException {
        Path data = options.data.toAbsolutePath();
        Files.createDirectories(data);
        System.setProperty("skysieve.data-folder", data.toString());
        System.setProperty("quarkus.http.port", Integer.toString(options.port));
        System.setProperty("quarkus.http.host", options.host);
        logTo(data.resolve("skysieve.log"));
        if (System.getProperty("quarkus.http.auth.session.encryption-key") == null
                && System.getenv("QUARKUS_HTTP_AUTH_SESSION_ENCRYPTION_KEY") == null) {
            // Kept, so that people stay signed in over a restart.
            System.setProperty("quarkus.http.auth.session.encryption-key", secret(data.resolve("session-key")));
        }

        EmbeddedPostgres postgres = null;
        if (configured(JDBC_URL) == null) {
            postgres = EmbeddedPostgres.start(data.resolve("postgres"), line -> System.err.println(line + " ..."));
            System.setProperty(JDBC_URL, postgres.jdbcUrl());
            System.setProperty("quarkus.datasource.username", postgres.username());
            System.setProperty("quarkus.datasource.password", postgres.password());
        }
        AtomicInteger exitCode = new AtomicInteger();
        try {
            Quarkus.run(Server.class, (code, failure) -> {
                exitCode.set(code);
                if (failure != null) {
                    System.err.println("skysieve: the server did not start: " + rootMessage(failure));
                }
            });
        } finally {
            if (postgres != null) {
                postgres.close();
            }
        }
        return exitCode.get();
    }

    /** The terminal is for people: warnings and what the commands say; everything else goes to a rotated file. */
    private static void logTo(Path file) {
        setDefault("quarkus.log.console.level", "WARN");
        setDefault("quarkus.log.file.enabled", "true");
        setDefault("quarkus.log.file.path", file.toString());
        setDefault("quarkus.log.file.rotation.max-file-size", "10M");
        setDefault("quarkus.log.file.rotation.max-backup-index", "5");
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** A setting from where an operator would write it: system property, environment, config/application.properties. */
    private static @Nullable String configured(String key) throws IOException {
        String value = System.getProperty(key);
        if (value == null) {
            value = System.getenv(
                    key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_'));
        }
        Path file = Path.of("config", "application.properties");
        if (value == null && Files.isReadable(file)) {
            Properties properties = new Properties();
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            }
            value = properties.getProperty(key);
        }
        return value;
    }

    private static String secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            writePrivately(file, HexFormat.of().formatHex(bytes));
        }
        return Files.readString(file).strip();
    }

    /** Writes a file that only its owner may read, whole or not at all. */
    static void writePrivately(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
