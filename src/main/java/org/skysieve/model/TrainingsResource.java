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

/** Training runs of a workflow. */
@Path("/api/v1/workflows/{id}/trainings")
@Produces(MediaType.APPLICATION_JSON)
class TrainingsResource {
    private final Training training;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    TrainingsResource(Training training, Workflows workflows, CurrentVolunteer volunteer) {
        this.training = training;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /** The newest first. */
    @GET
    public List<TrainingRunView> trainings(long id) {
        workflows.byId(id);
        return training.runs(id);
    }

    /** Asks for a run; 202 with the list of runs, the waiting one first. */
    @POST
    public Response train(long id) {
        volunteer.require(Role.MODERATOR);
        training.request(id, "asked for by " + volunteer.displayName());
        return Response.accepted(training.runs(id)).build();
    }
}
