package org.skysieve.cli;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which workflow a client command is about. */
final class WorkflowChoice {
    @Option(names = "--project", paramLabel = "SLUG", description = "The project; its active workflow is meant.")
    @Nullable
    String project;

    @Option(names = "--workflow", paramLabel = "ID", description = "A certain workflow by its id.")
    @Nullable
    Long workflow;

    /** @throws IllegalArgumentException if neither a workflow nor a project is named, or the project has no workflow */
    long one(ServerApi api) {
        if (workflow != null) {
            return workflow;
        }
        if (project == null) {
            throw new IllegalArgumentException("which workflow? give --project or --workflow");
        }
        List<JsonNode> workflows = ofProject(api, project);
        for (JsonNode each : workflows) {
            if (each.path("active").asBoolean()) {
                return each.path("id").asLong();
            }
        }
        throw new IllegalArgumentException("project " + project + " has no active workflow");
    }

    /** The one that is named, or all of the project, or all that there are. */
    List<Long> all(ServerApi api) {
        if (workflow != null) {
            return List.of(workflow);
        }
        List<String> slugs = new ArrayList<>();
        if (project != null) {
            slugs.add(project);
        } else {
            api.get("/api/v1/projects")
                    .path("items")
                    .forEach(each -> slugs.add(each.path("slug").asText()));
        }
        List<Long> ids = new ArrayList<>();
        for (String slug : slugs) {
            ofProject(api, slug).forEach(each -> ids.add(each.path("id").asLong()));
        }
        return ids;
    }

    private static List<JsonNode> ofProject(ServerApi api, String slug) {
        List<JsonNode> workflows = new ArrayList<>();
        api.get("/api/v1/projects/" + ServerApi.encode(slug)).path("workflows").forEach(workflows::add);
        return workflows;
    }
}
