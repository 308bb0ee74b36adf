package org.skysieve.consensus;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.RetirementChange;

/** What moderators and scientists ask of a workflow's crowd and its rules. */
@Path("/api/v1/workflows/{id}")
@Tag(name = "consensus")
@Produces(MediaType.APPLICATION_JSON)
public class CrowdResource {
    private final CrowdHealth health;
    private final Rehearsals rehearsals;
    private final CurrentVolunteer volunteer;

    CrowdResource(CrowdHealth health, Rehearsals rehearsals, CurrentVolunteer volunteer) {
        this.health = health;
        this.rehearsals = rehearsals;
        this.volunteer = volunteer;
    }

    @GET
    @Path("/agreement")
    @Operation(summary = "Agreement beyond chance, and volunteers to have a look at")
    public CrowdHealth.Health agreement(@PathParam("id") long workflowId) {
        volunteer.require(Role.SCIENTIST);
        return health.of(workflowId);
    }

    @POST
    @Path("/rehearsal")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "What the votes cast would have come to under another retirement rule; changes nothing")
    public Rehearsals.Comparison rehearse(@PathParam("id") long workflowId, @Nullable RetirementChange change) {
        volunteer.require(Role.SCIENTIST);
        if (change == null) {
            throw Problem.badRequest("got no body, need a JSON object such as {\"retireAt\": 0.95}");
        }
        return rehearsals.rehearse(workflowId, change);
    }
}
