package org.skysieve.project;

import java.net.URI;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Page;

/** All projects: anybody reads, scientists write. */
@Path("/api/v1/projects")
@Produces(MediaType.APPLICATION_JSON)
class ProjectsResource {
    record NewProject(
            @NotNull String slug,
            @NotNull String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit,
            @Nullable String language) {}

    private final Projects projects;
    private final CurrentVolunteer current;

    ProjectsResource(Projects projects, CurrentVolunteer current) {
        this.projects = projects;
        this.current = current;
    }

    @GET
    public Page<ProjectView> list() {
        return new Page<>(projects.list(), null);
    }

    @POST
    public Response create(@NotNull @Valid NewProject request) {
        current.require(Role.SCIENTIST);
        ProjectView made = projects.create(
                request.slug,
                new ProjectTexts(
                        request.title, request.tagline, request.description, request.credit, request.language));
        return Response.created(URI.create("/api/v1/projects/" + made.slug()))
                .entity(made)
                .build();
    }
}
