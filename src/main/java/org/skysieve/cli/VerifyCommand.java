package org.skysieve.cli;

import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rebuilds a workflow's consensus from the log of votes and compares. */
@Command(
        name = "verify",
        description =
                "Rebuild the consensus from the log of votes, of every workflow unless one is named, and compare it with"
                        + " what is stored."
                        + " Exits with 1 where they differ.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private ServerAddress server = new ServerAddress();

    @Mixin
    private WorkflowChoice choice = new WorkflowChoice();

    @Override
    public Integer call() throws Exception {
        ServerApi api = server.api();
        boolean same = true;
        for (long workflow : choice.all(api)) {
            JsonNode audit = api.post("/api/v1/workflows/" + workflow + "/consensus/verify", null);
            long differences = audit.path("differences").asLong();
            same &= differences == 0;
            System.out.println("Workflow " + workflow + ": replayed "
                    + audit.path("entries").asLong() + " entries of the log for "
                    + audit.path("candidates").asLong() + " candidates: " + differences + " differ"
                    + (differences == 0
                            ? "."
                            : ", by " + audit.path("maxDifference").asDouble() + " at most."));
        }
        return same ? 0 : 1;
    }
}
