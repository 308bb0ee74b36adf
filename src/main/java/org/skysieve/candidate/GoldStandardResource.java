package org.skysieve.candidate;

import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Sets gold standards by the survey's own ids. They can be written and never read, so that nobody learns which candidates
 * are tests.
 */
@Path("/api/v1/workflows/{id}/gold-standards")
@Tag(name = "workflows")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class GoldStandardResource {
    private final GoldByCandid gold;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    GoldStandardResource(GoldByCandid gold, Workflows workflows, CurrentVolunteer volunteer) {
        this.gold = gold;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /**
     * @param survey whose candids these are, such as {@code ztf}
     * @param source who says so; "moderator" if left out
     */
    public record NewGoldStandards(
            @Nullable String survey,
            @Nullable String source,
            @Nullable List<GoldByCandid.@Nullable Item> items) {}

    @POST
    public GoldByCandid.GoldStandardsAnswer set(@PathParam("id") long workflowId, @Nullable NewGoldStandards body) {
        volunteer.require(Role.MODERATOR);
        WorkflowView workflow = workflows.byId(workflowId);
        if (body == null || body.survey() == null || body.survey().isBlank()) {
            throw Problem.badField("survey", "missing, need a survey such as ztf");
        }
        String source = body.source() == null || body.source().isBlank() ? "moderator" : body.source();
        return gold.set(workflow, body.survey(), source, body.items(), volunteer.idIfKnown());
    }
}
