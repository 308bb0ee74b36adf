package org.skysieve.cli;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells a running server what candidates turned out to be. */
@Command(
        name = "outcomes",
        description =
                "Report what candidates turned out to be, from the Transient Name Server's file of public objects."
                        + " Sending the same again changes nothing.",
        mixinStandardHelpOptions = true)
final class OutcomesCommand implements Callable<Integer> {
    @Mixin
    private ServerAddress server = new ServerAddress();

    @Option(names = "--project", paramLabel = "SLUG", required = true, description = "The project they are of.")
    private String project = "";

    @Option(
            names = "--tns",
            paramLabel = "FILE",
            required = true,
            description = "The file: the zip as it is, or its CSV; up to 64 MB.")
    private @Nullable Path tns;

    @Override
    public Integer call() throws Exception {
        if (tns == null) {
            throw new IllegalArgumentException("--tns: got nothing, need a file");
        }
        JsonNode matched = server.api()
                .upload("/api/v1/projects/" + ServerApi.encode(project) + "/outcomes/tns", BodyPublishers.ofFile(tns));
        System.out.println(matched.path("objects").asLong() + " objects of the project among "
                + matched.path("rows").asLong() + " entries; "
                + matched.path("changed").asLong() + " outcomes are new or changed.");
        return 0;
    }
}
