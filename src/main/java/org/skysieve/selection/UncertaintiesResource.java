package org.skysieve.selection;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationLog;
import org.skysieve.engine.select.Route;
import org.skysieve.platform.Problem;
import org.skysieve.project.Workflows;

/** What is doubtful about candidates: of one, for those who have answered it; of a route, for scientists. */
@Path("/api/v1/workflows/{id}/uncertainties")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "projects")
public class UncertaintiesResource {
    private final Uncertainties uncertainties;
    private final Workflows workflows;
    private final ClassificationLog log;
    private final CurrentVolunteer volunteer;

    UncertaintiesResource(
            Uncertainties uncertainties, Workflows workflows, ClassificationLog log, CurrentVolunteer volunteer) {
        this.uncertainties = uncertainties;
        this.workflows = workflows;
        this.log = log;
        this.volunteer = volunteer;
    }

    /** @param count of all candidates on the route; the newest of them are listed */
    public record OnRoute(int count, List<UncertaintiesView> candidates) {}

    @GET
    @Operation(summary = "Candidates on a route: expert, both or training")
    public OnRoute onRoute(
            @PathParam("id") long workflowId,
            @QueryParam("route") @Nullable String key,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        volunteer.require(Role.SCIENTIST);
        if (limit < 1 || limit > Uncertainties.MOST) {
            throw Problem.badField("limit", "got " + limit + ", need 1.." + Uncertainties.MOST);
        }
        Route route = Arrays.stream(Route.values())
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() -> Problem.badField(
                        "route",
                        "got " + key + ", need one of "
                                + Arrays.stream(Route.values()).map(Route::key).collect(Collectors.joining(", "))));
        return new OnRoute(
                uncertainties.count(workflowId, route), uncertainties.onRoute(workflowId, route, null, limit));
    }

    @GET
    @Path("{candidateId}")
    @Operation(summary = "Disagreement of the volunteers, and the model's epistemic and aleatoric uncertainty")
    public UncertaintiesView one(@PathParam("id") long workflowId, @PathParam("candidateId") long candidateId) {
        workflows.byId(workflowId);
        OptionalLong me = volunteer.idIfKnown();
        boolean answered = me.isPresent() && log.hasClassified(workflowId, candidateId, me.getAsLong());
        if (!answered && !volunteer.has(Role.SCIENTIST)) {
            throw Problem.forbidden(
                    "what is doubtful about candidate " + candidateId + " shows once you have classified it");
        }
        return uncertainties
                .of(workflowId, candidateId)
                .orElseThrow(() -> Problem.notFound("workflow " + workflowId + " has no candidate " + candidateId));
    }
}
