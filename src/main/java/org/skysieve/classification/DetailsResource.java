package org.skysieve.classification;

import java.util.Map;
import java.util.UUID;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import com.fasterxml.jackson.databind.JsonNode;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.Problem;

/** What belongs to an answer: the values of a workflow's tasks. Idempotent, as the answer itself. */
@Path("/api/v1/details/{clientId}")
class DetailsResource {
    private final Details details;
    private final CurrentVolunteer volunteer;

    DetailsResource(Details details, CurrentVolunteer volunteer) {
        this.details = details;
        this.volunteer = volunteer;
    }

    @PUT
    public JsonNode put(@PathParam("clientId") UUID clientId, @NotNull Map<String, JsonNode> values) {
        long me = volunteer
                .idIfKnown()
                .orElseThrow(() -> Problem.notFound("no answer of yours has the clientId " + clientId));
        return details.put(me, clientId, values);
    }
}
