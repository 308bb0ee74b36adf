package org.skysieve.selection;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.SelectionChange;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What other rules of selection would serve. */
@Path("/api/v1/workflows/{id}/selection/preview")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "projects")
public class PreviewResource {
    private final Previews previews;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    PreviewResource(Previews previews, Workflows workflows, CurrentVolunteer volunteer) {
        this.previews = previews;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "The next 20 places of a newcomer and of an experienced volunteer under other rules; serves nothing")
    public Preview preview(@PathParam("id") long workflowId, @NotNull SelectionChange change) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.byId(workflowId);
        return previews.of(workflow, workflows.rulesWith(workflow, change));
    }
}
