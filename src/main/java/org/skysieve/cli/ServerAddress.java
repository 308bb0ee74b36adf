package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a client command talks to, and as whom. */
final class ServerAddress {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server's address (default: ${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:8080")
    String url = "http://localhost:8080";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "Whose rights to use (default: $SKYSIEVE_TOKEN, else operator-token in the server's data folder).")
    @Nullable
    String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The server's data folder, to find its token (default: $SKYSIEVE_DATA or"
                    + " ~/.local/share/skysieve).")
    Path data = ServerOptions.defaultDataFolder();

    /** @throws IllegalArgumentException if there is no token to use */
    ServerApi api() throws IOException {
        return ServerApi.of(url, resolveToken(), Duration.ofSeconds(5));
    }

    private String resolveToken() throws IOException {
        if (token != null) {
            return token.strip();
        }
        String set = System.getenv("SKYSIEVE_TOKEN");
        if (set != null && !set.isBlank()) {
            return set.strip();
        }
        Path file = data.resolve("operator-token");
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("no token: give --token, set SKYSIEVE_TOKEN, or name with --data the"
                    + " folder of a server on this machine (there is no " + file + ")");
        }
        return Files.readString(file).strip();
    }
}
