package org.skysieve.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the server until it is stopped. */
@Command(
        name = "serve",
        description = "Run the server. Without quarkus.datasource.jdbc.url it starts an embedded PostgreSQL.",
        mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws Exception {
        return ServerProcess.run(options);
    }
}
