package org.skysieve.project;

import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;

/**
 * One workflow: anybody reads, scientists write.
 *
 * <p>The class has the whole path up to the id, as all that other rooms serve below it have: Quarkus REST chooses the
 * class by the longest literal prefix and does not look back at shorter ones.
 */
@Path("/api/v1/workflows/{id}")
@Produces(MediaType.APPLICATION_JSON)
class WorkflowResource {
    /** @param version the newest that the caller has read: 409 if there is a newer one; left out, whatever there is */
    record NewVersion(
            @Nullable Integer version,
            @NotNull String question,
            @NotNull List<AnswerOption> answers,
            @Nullable Rules rules,
            @Nullable Asks asks) {}

    /** What is left out stays as it is. */
    record WorkflowChange(@Nullable String title, @Nullable Boolean active) {}

    private final Workflows workflows;
    private final CurrentVolunteer current;

    WorkflowResource(Workflows workflows, CurrentVolunteer current) {
        this.workflows = workflows;
        this.current = current;
    }

    @GET
    public WorkflowView workflow(long id) {
        return workflows.byId(id);
    }

    /** Another title, opened to volunteers or closed: no new version is made of it. */
    @PATCH
    public WorkflowView change(long id, @NotNull WorkflowChange request) {
        current.require(Role.SCIENTIST);
        WorkflowView now = workflows.byId(id);
        if (request.title != null) {
            now = workflows.rename(id, request.title);
        }
        return request.active == null ? now : workflows.open(id, request.active);
    }

    @POST
    @Path("versions")
    public Response createVersion(long id, @NotNull @Valid NewVersion request) {
        current.require(Role.SCIENTIST);
        WorkflowView old = workflows.byId(id);
        Rules rules = request.rules == null ? old.rules() : request.rules;
        Asks asks = request.asks == null ? old.asks() : request.asks;
        WorkflowView made = workflows.newVersion(
                id,
                request.version == null ? OptionalInt.empty() : OptionalInt.of(request.version),
                request.question,
                request.answers,
                rules,
                asks);
        return Response.created(URI.create("/api/v1/workflows/" + id))
                .entity(made)
                .build();
    }

    /** Saves what was rehearsed: a new version, or 200 and no new one if candidates retire so already. */
    @POST
    @Path("retirement")
    public Response retire(long id, @NotNull RetirementChange request) {
        current.require(Role.SCIENTIST);
        int before = workflows.byId(id).version();
        WorkflowView now = workflows.retire(id, request);
        return now.version() == before
                ? Response.ok(now).build()
                : Response.created(URI.create("/api/v1/workflows/" + id))
                        .entity(now)
                        .build();
    }

    /** Saves what was previewed: a new version, or 200 and no new one if candidates are selected so already. */
    @POST
    @Path("selection")
    public Response select(long id, @NotNull SelectionChange request) {
        current.require(Role.SCIENTIST);
        int before = workflows.byId(id).version();
        WorkflowView now = workflows.select(id, request);
        return now.version() == before
                ? Response.ok(now).build()
                : Response.created(URI.create("/api/v1/workflows/" + id))
                        .entity(now)
                        .build();
    }
}
