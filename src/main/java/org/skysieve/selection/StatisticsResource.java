package org.skysieve.selection;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How a workflow stands, for everybody to see. */
@Path("/api/v1/workflows/{id}/statistics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "projects")
public class StatisticsResource {
    private final Statistics statistics;

    StatisticsResource(Statistics statistics) {
        this.statistics = statistics;
    }

    @GET
    @Operation(summary = "Votes, candidates, and estimated prevalence, purity and completeness with intervals")
    public StatisticsView statistics(@PathParam("id") long workflowId) {
        return statistics.of(workflowId);
    }
}
