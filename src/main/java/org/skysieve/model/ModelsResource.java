package org.skysieve.model;

import java.io.InputStream;
import java.net.URI;
import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Model versions of a workflow. Reading is public: a project shows how good its model is. */
@Path("/api/v1/workflows/{id}/models")
@Tag(name = "models")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
class ModelsResource {
    private static final int HISTORY = 200;

    private final ModelRegistry registry;
    private final ModelFiles files;
    private final Training training;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    ModelsResource(
            ModelRegistry registry,
            ModelFiles files,
            Training training,
            Workflows workflows,
            CurrentVolunteer volunteer) {
        this.registry = registry;
        this.files = files;
        this.training = training;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(summary = "All versions, the newest first")
    public List<ModelVersionView> models(long id) {
        workflows.byId(id);
        return registry.versions(id);
    }

    @GET
    @Path("{modelId}")
    @Operation(summary = "One version: data, recipe, metrics, state")
    public ModelVersionView model(long id, long modelId) {
        return registry.version(id, modelId);
    }

    @GET
    @Path("formats")
    @Operation(summary = "The kinds of files that an upload takes")
    public List<ModelFiles.Format> formats(long id) {
        workflows.byId(id);
        return files.formats();
    }

    @GET
    @Path("history")
    @Operation(summary = "What happened to the versions, and who did it, the newest first")
    public List<ModelRegistry.Happened> history(long id) {
        workflows.byId(id);
        return registry.history(id, HISTORY);
    }

    @GET
    @Path("{modelId}/file")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "A version as a file; for scientists")
    public Response download(long id, long modelId) {
        volunteer.require(Role.SCIENTIST);
        ModelFiles.File file = files.download(id, modelId);
        return Response.ok(file.content())
                .header("Content-Disposition", "attachment; filename=\"" + file.name() + "\"")
                .build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Stores a file as a version and puts it on trial; for moderators")
    public Response upload(long id, InputStream body) {
        volunteer.require(Role.MODERATOR);
        ModelVersionView version = files.upload(id, body, volunteer.displayName());
        return Response.created(URI.create("/api/v1/workflows/" + id + "/models/" + version.id()))
                .entity(version)
                .build();
    }

    @POST
    @Path("{modelId}/trial")
    @Operation(summary = "Tries a version against the champion on the evaluation sample; for moderators")
    public Response tryAgain(long id, long modelId) {
        volunteer.require(Role.MODERATOR);
        training.requestTrial(id, modelId, "asked for by " + volunteer.displayName());
        return Response.accepted(training.runs(id)).build();
    }

    @POST
    @Path("{modelId}/reproduction")
    @Operation(summary = "Makes a version again from its recipe and compares the numbers; for moderators")
    public Response reproduce(long id, long modelId) {
        volunteer.require(Role.MODERATOR);
        training.requestReproduction(id, modelId, "asked for by " + volunteer.displayName());
        return Response.accepted(training.runs(id)).build();
    }

    @POST
    @Path("{modelId}/rollback")
    @Operation(summary = "Makes another version the champion; for moderators")
    public ModelVersionView rollback(long id, long modelId) {
        volunteer.require(Role.MODERATOR);
        return registry.rollback(id, modelId, volunteer.displayName());
    }
}
