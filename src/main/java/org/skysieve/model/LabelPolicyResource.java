package org.skysieve.model;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Which sources of labels count how much in a workflow's trainings: anybody reads, scientists write. */
@Path("/api/v1/workflows/{id}/label-policy")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class LabelPolicyResource {
    private final LabelPolicies policies;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    LabelPolicyResource(LabelPolicies policies, Workflows workflows, CurrentVolunteer volunteer) {
        this.policies = policies;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    public LabelPolicies.Held policy(long id) {
        return policies.of(workflows.byId(id));
    }

    /** Replaces the policy; what is left out gets its usual value. It holds from the next training on. */
    @PUT
    public LabelPolicies.Held set(long id, @Nullable JsonNode body) {
        volunteer.require(Role.SCIENTIST);
        return policies.set(workflows.byId(id), body, volunteer.displayName());
    }
}
