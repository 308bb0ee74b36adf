package org.skysieve.outcome;

import java.time.Clock;
import java.time.Instant;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.platform.Problem;

/** What a candidate turned out to be: anybody reads it, scientists report it. */
@Path("/api/v1/candidates/{id}")
@Tag(name = "outcomes")
@Produces(MediaType.APPLICATION_JSON)
class OutcomeResource {
    record NewOutcome(
            @Nullable String kind,
            @Nullable String name,
            @Nullable String type,
            @Nullable String url,
            @Nullable Instant at) {}

    private final Outcomes outcomes;
    private final Candidates candidates;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    OutcomeResource(Outcomes outcomes, Candidates candidates, CurrentVolunteer volunteer, Clock clock) {
        this.outcomes = outcomes;
        this.candidates = candidates;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Path("outcome")
    public Outcome outcome(@PathParam("id") long id) {
        return outcomes.find(candidates.find(id).id())
                .orElseThrow(() -> Problem.notFound("nothing is known of candidate " + id + " from outside"));
    }

    @PUT
    @Path("outcome")
    @Consumes(MediaType.APPLICATION_JSON)
    public Outcome report(@PathParam("id") long id, @NotNull NewOutcome wanted) {
        volunteer.require(Role.SCIENTIST);
        Instant at = wanted.at;
        outcomes.report(
                candidates.find(id).id(),
                Outcome.of(wanted.kind, wanted.name, wanted.type, wanted.url, at == null ? clock.instant() : at),
                volunteer.id());
        return outcome(id);
    }

    @DELETE
    @Path("outcome")
    public void remove(@PathParam("id") long id) {
        volunteer.require(Role.SCIENTIST);
        outcomes.remove(candidates.find(id).id());
    }
}
