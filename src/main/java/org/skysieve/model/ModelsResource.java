package org.skysieve.model;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Model versions of a workflow. Reading is public: a project shows how good its model is. */
@Path("/api/v1/workflows/{id}/models")
@Produces(MediaType.APPLICATION_JSON)
class ModelsResource {
    private final ModelRegistry registry;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    ModelsResource(ModelRegistry registry, Workflows workflows, CurrentVolunteer volunteer) {
        this.registry = registry;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /** The newest first. */
    @GET
    public List<ModelVersionView> models(long id) {
        workflows.byId(id);
        return registry.versions(id);
    }

    /** Makes another version the champion. */
    @POST
    @Path("{modelId}/rollback")
    public ModelVersionView rollback(long id, long modelId) {
        volunteer.require(Role.MODERATOR);
        return registry.rollback(id, modelId, volunteer.displayName());
    }
}
