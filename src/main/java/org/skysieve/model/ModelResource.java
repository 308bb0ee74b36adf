package org.skysieve.model;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Model versions and training runs of a workflow. Reading is public: a project shows how good its model is. */
@Path("/api/v1/workflows/{workflowId}")
@Produces(MediaType.APPLICATION_JSON)
class ModelResource {
    private final ModelRegistry registry;
    private final Training training;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    ModelResource(ModelRegistry registry, Training training, Workflows workflows, CurrentVolunteer volunteer) {
        this.registry = registry;
        this.training = training;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /** The workflow's model versions, the newest first. */
    @GET
    @Path("models")
    public List<ModelVersionView> models(long workflowId) {
        workflows.byId(workflowId);
        return registry.versions(workflowId);
    }

    /** The workflow's training runs, the newest first. */
    @GET
    @Path("trainings")
    public List<TrainingRunView> trainings(long workflowId) {
        workflows.byId(workflowId);
        return training.runs(workflowId);
    }

    /** Asks for a training run; 202 with the list of runs, the waiting one first. */
    @POST
    @Path("trainings")
    public Response train(long workflowId) {
        volunteer.require(Role.MODERATOR);
        training.request(workflowId, "asked for by " + volunteer.displayName());
        return Response.accepted(training.runs(workflowId)).build();
    }

    /** Makes another version the champion. */
    @POST
    @Path("models/{modelId}/rollback")
    public ModelVersionView rollback(long workflowId, long modelId) {
        volunteer.require(Role.MODERATOR);
        return registry.rollback(workflowId, modelId, volunteer.displayName());
    }
}
