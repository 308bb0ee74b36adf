package org.skysieve.project;

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Page;

/** Projects and their workflows: anybody reads, scientists write. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class ProjectResource {
    record NewProject(
            @NotNull String slug,
            @NotNull String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit) {}

    record ProjectDetail(@JsonUnwrapped ProjectView project, List<WorkflowView> workflows) {}

    /** Rules left out, or left out of rules, are the defaults. */
    record NewWorkflow(
            @NotNull String slug,
            @NotNull String title,
            @NotNull String question,
            @NotNull List<AnswerOption> answers,
            @Nullable Rules rules) {}

    record NewVersion(
            @NotNull String question,
            @NotNull List<AnswerOption> answers,
            @Nullable Rules rules) {}

    private final Projects projects;
    private final Workflows workflows;
    private final CurrentVolunteer current;

    ProjectResource(Projects projects, Workflows workflows, CurrentVolunteer current) {
        this.projects = projects;
        this.workflows = workflows;
        this.current = current;
    }

    @GET
    @Path("projects")
    public Page<ProjectView> list() {
        return new Page<>(projects.list(), null);
    }

    @POST
    @Path("projects")
    public Response create(@NotNull @Valid NewProject request) {
        current.require(Role.SCIENTIST);
        ProjectView made =
                projects.create(request.slug, request.title, request.tagline, request.description, request.credit);
        return Response.created(URI.create("/api/v1/projects/" + made.slug()))
                .entity(made)
                .build();
    }

    @GET
    @Path("projects/{slug}")
    public ProjectDetail project(String slug) {
        ProjectView project = projects.bySlug(slug);
        return new ProjectDetail(project, workflows.ofProject(project.id()));
    }

    @POST
    @Path("projects/{slug}/workflows")
    public Response createWorkflow(String slug, @NotNull @Valid NewWorkflow request) {
        current.require(Role.SCIENTIST);
        Rules rules = request.rules == null ? Rules.DEFAULT : request.rules;
        WorkflowView made = workflows.create(
                projects.bySlug(slug).id(), request.slug, request.title, request.question, request.answers, rules);
        return Response.created(URI.create("/api/v1/workflows/" + made.id()))
                .entity(made)
                .build();
    }

    @GET
    @Path("workflows/{id}")
    public WorkflowView workflow(long id) {
        return workflows.byId(id);
    }

    @POST
    @Path("workflows/{id}/versions")
    public Response createVersion(long id, @NotNull @Valid NewVersion request) {
        current.require(Role.SCIENTIST);
        Rules rules = request.rules == null ? workflows.byId(id).rules() : request.rules;
        WorkflowView made = workflows.newVersion(id, request.question, request.answers, rules);
        return Response.created(URI.create("/api/v1/workflows/" + id))
                .entity(made)
                .build();
    }
}
