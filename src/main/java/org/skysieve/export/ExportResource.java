package org.skysieve.export;

import java.util.Locale;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.classification.Pseudonyms;
import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Downloads for scientists. */
@Path("/api/v1/workflows/{id}/exports")
class ExportResource {
    private final Exports exports;
    private final Workflows workflows;
    private final Pseudonyms pseudonyms;
    private final CurrentVolunteer volunteer;

    ExportResource(Exports exports, Workflows workflows, Pseudonyms pseudonyms, CurrentVolunteer volunteer) {
        this.exports = exports;
        this.workflows = workflows;
        this.pseudonyms = pseudonyms;
        this.volunteer = volunteer;
    }

    @GET
    @Path("{file}")
    public Response download(long id, String file) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.byId(id);
        return switch (file) {
            case "classifications.csv" -> answer(workflow, classifications(workflow), RowWriter.Format.CSV);
            case "classifications.jsonl" -> answer(workflow, classifications(workflow), RowWriter.Format.JSONL);
            case "consensus.csv" -> answer(workflow, Table.consensus(workflow), RowWriter.Format.CSV);
            case "consensus.jsonl" -> answer(workflow, Table.consensus(workflow), RowWriter.Format.JSONL);
            default ->
                throw Problem.notFound(
                        "no export \"" + file + "\": there are classifications and consensus, as .csv and .jsonl");
        };
    }

    private Table classifications(WorkflowView workflow) {
        return Table.classifications(workflow, pseudonyms);
    }

    private Response answer(WorkflowView workflow, Table table, RowWriter.Format format) {
        String fileName = String.join("-", workflow.projectSlug(), workflow.slug(), table.name()) + "."
                + format.name().toLowerCase(Locale.ROOT);
        StreamingOutput body = out -> {
            try (Exports.Place place = exports.enter()) {
                place.run(table, workflow.id(), format, out);
            }
        };
        return Response.ok(body, format.mediaType)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
