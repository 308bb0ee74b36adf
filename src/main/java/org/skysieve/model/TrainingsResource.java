package org.skysieve.model;

import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.ModelKind;
import org.skysieve.project.Workflows;

/** Training runs of a workflow. */
@Path("/api/v1/workflows/{id}/trainings")
@Produces(MediaType.APPLICATION_JSON)
class TrainingsResource {
    private final Training training;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;
    private final ObjectMapper json;

    TrainingsResource(Training training, Workflows workflows, CurrentVolunteer volunteer, ObjectMapper json) {
        this.training = training;
        this.workflows = workflows;
        this.volunteer = volunteer;
        this.json = json;
    }

    /** The newest first. */
    @GET
    public List<TrainingRunView> trainings(long id) {
        workflows.byId(id);
        return training.runs(id);
    }

    /**
     * Asks for a run; 202 with the list of runs, the waiting one first.
     *
     * @param body {@code {"kind": "net"}} or {@code "forest"}; without one it is what the workflow's rules say
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response train(long id, @Nullable String body) {
        volunteer.require(Role.MODERATOR);
        training.request(id, kind(body), "asked for by " + volunteer.displayName());
        return Response.accepted(training.runs(id)).build();
    }

    private @Nullable ModelKind kind(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return null;
        }
        try {
            JsonNode kind = json.readTree(body).path("kind");
            return kind.isMissingNode() || kind.isNull() ? null : ModelKind.ofKey(kind.asText());
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("body: got no JSON, need nothing or {\"kind\": \"net\"}");
        } catch (IllegalArgumentException unknown) {
            throw Problem.badField("kind", "" + unknown.getMessage());
        }
    }
}
