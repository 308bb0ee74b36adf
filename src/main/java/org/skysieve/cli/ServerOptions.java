package org.skysieve.cli;

import java.nio.file.Path;

import picocli.CommandLine.Option;

/** What {@code serve} and {@code demo} have in common. */
final class ServerOptions {
    @Option(
            names = "--port",
            description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "8080")
    int port;

    @Option(
            names = "--host",
            description = "Address to listen on; 0.0.0.0 for every interface (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    String host = "127.0.0.1";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for the embedded database and secrets (default: $SKYSIEVE_DATA or ~/.local/share/skysieve).")
    Path data = defaultDataFolder();

    static Path defaultDataFolder() {
        String set = System.getenv("SKYSIEVE_DATA");
        if (set != null && !set.isBlank()) {
            return Path.of(set);
        }
        String xdg = System.getenv("XDG_DATA_HOME");
        Path base = xdg != null && !xdg.isBlank()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".local", "share");
        return base.resolve("skysieve");
    }
}
