package org.skysieve.cli;

import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rebuilds a workflow's consensus from the log of votes and compares. */
@Command(
        name = "verify",
        description = "Rebuild a workflow's consensus from its log of votes and compare it with what is stored."
                + " Exits with 1 where they differ.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private ServerAddress server = new ServerAddress();

    @Option(names = "--workflow", paramLabel = "ID", required = true, description = "The workflow's id.")
    private long workflow;

    @Override
    public Integer call() throws Exception {
        JsonNode audit = server.api().post("/api/v1/workflows/" + workflow + "/consensus/verify", null);
        long differences = audit.path("differences").asLong();
        System.out.println("Replayed " + audit.path("entries").asLong() + " entries of the log for "
                + audit.path("candidates").asLong() + " candidates: " + differences + " differ"
                + (differences == 0
                        ? "."
                        : ", by " + audit.path("maxDifference").asDouble() + " at most."));
        return differences == 0 ? 0 : 1;
    }
}
