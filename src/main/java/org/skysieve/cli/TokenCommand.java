package org.skysieve.cli;

import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a further token for the same account. */
@Command(
        name = "token",
        description = "Issue a new token for the account whose token is used; it is shown once.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    @Mixin
    private ServerAddress server = new ServerAddress();

    @Option(names = "--label", paramLabel = "TEXT", required = true, description = "What the token is for.")
    private String label = "";

    @Override
    public Integer call() throws Exception {
        JsonNode issued = server.api().post("/api/v1/tokens", Map.of("label", label));
        System.out.println(issued.path("token").asText());
        return 0;
    }
}
