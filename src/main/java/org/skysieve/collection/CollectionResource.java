package org.skysieve.collection;

import java.net.URI;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Projects;

/** Collections: anybody reads the visible ones, accounts make their own. */
@Path("/api/v1/collections")
@Tag(name = "collections")
@Produces(MediaType.APPLICATION_JSON)
class CollectionResource {
    /** @param project the slug; needed when one is made */
    record Wanted(
            @Nullable String project,
            @Nullable String title,
            @Nullable String about,
            @Nullable Boolean visible) {}

    private final Collections collections;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    CollectionResource(Collections collections, Projects projects, CurrentVolunteer volunteer) {
        this.collections = collections;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull Wanted wanted) {
        volunteer.require(Role.VOLUNTEER);
        long id = collections.create(
                projects.bySlug("" + wanted.project).id(),
                volunteer.id(),
                wanted.title,
                wanted.about,
                Boolean.TRUE.equals(wanted.visible));
        return Response.created(URI.create("/api/v1/collections/" + id))
                .entity(collections.find(id, volunteer.idIfKnown()))
                .build();
    }

    @GET
    @Path("{id}")
    public CollectionView collection(@PathParam("id") long id) {
        return collections.find(id, volunteer.idIfKnown());
    }

    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public CollectionView change(@PathParam("id") long id, @NotNull Wanted wanted) {
        volunteer.require(Role.VOLUNTEER);
        collections.change(id, volunteer.id(), wanted.title, wanted.about, Boolean.TRUE.equals(wanted.visible));
        return collection(id);
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") long id) {
        volunteer.require(Role.VOLUNTEER);
        collections.delete(id, volunteer.id());
    }

    @PUT
    @Path("{id}/candidates/{candidateId}")
    public CollectionView add(@PathParam("id") long id, @PathParam("candidateId") long candidateId) {
        volunteer.require(Role.VOLUNTEER);
        collections.add(id, volunteer.id(), candidateId);
        return collection(id);
    }

    @DELETE
    @Path("{id}/candidates/{candidateId}")
    public CollectionView remove(@PathParam("id") long id, @PathParam("candidateId") long candidateId) {
        volunteer.require(Role.VOLUNTEER);
        collections.remove(id, volunteer.id(), candidateId);
        return collection(id);
    }
}
