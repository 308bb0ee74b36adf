package org.skysieve.model;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Whether the model of a workflow has drifted. */
@Path("/api/v1/workflows/{id}/drift")
@Tag(name = "models")
@Produces(MediaType.APPLICATION_JSON)
class DriftResource {
    private static final int LISTED = 50;

    private final DriftChecks checks;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    DriftResource(DriftChecks checks, Workflows workflows, CurrentVolunteer volunteer) {
        this.checks = checks;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(summary = "The last looks for drift, the newest first")
    public List<DriftReport> reports(long id) {
        workflows.byId(id);
        return checks.newest(id, LISTED);
    }

    @POST
    @Operation(summary = "Looks now; for moderators")
    public DriftReport check(long id) {
        volunteer.require(Role.MODERATOR);
        return checks.check(id);
    }
}
