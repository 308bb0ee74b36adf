package org.skysieve.project;

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;

/** One project and its workflows: anybody reads, scientists write. */
@Path("/api/v1/projects/{slug}")
@Produces(MediaType.APPLICATION_JSON)
class ProjectResource {
    record ProjectDetail(@JsonUnwrapped ProjectView project, List<WorkflowView> workflows) {}

    /** Rules left out, or left out of rules, are the defaults. */
    record NewWorkflow(
            @NotNull String slug,
            @NotNull String title,
            @NotNull String question,
            @NotNull List<AnswerOption> answers,
            @Nullable Rules rules,
            @Nullable Asks asks) {}

    /** What is left out stays as it is. */
    record ProjectChange(
            @Nullable String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit,
            @Nullable String language) {
        ProjectTexts of(ProjectView now) {
            return new ProjectTexts(
                    title == null ? now.title() : title,
                    tagline == null ? now.tagline() : tagline,
                    description == null ? now.description() : description,
                    credit == null ? now.credit() : credit,
                    language == null ? now.language() : language);
        }
    }

    private final Projects projects;
    private final Workflows workflows;
    private final CurrentVolunteer current;

    ProjectResource(Projects projects, Workflows workflows, CurrentVolunteer current) {
        this.projects = projects;
        this.workflows = workflows;
        this.current = current;
    }

    @GET
    public ProjectDetail project(String slug) {
        ProjectView project = projects.bySlug(slug);
        return new ProjectDetail(project, workflows.ofProject(project.id()));
    }

    @PATCH
    public ProjectView change(String slug, @NotNull ProjectChange request) {
        current.require(Role.SCIENTIST);
        return projects.update(slug, request.of(projects.bySlug(slug)));
    }

    @POST
    @Path("workflows")
    public Response createWorkflow(String slug, @NotNull @Valid NewWorkflow request) {
        current.require(Role.SCIENTIST);
        Rules rules = request.rules == null ? Rules.DEFAULT : request.rules;
        WorkflowView made = workflows.create(
                projects.bySlug(slug).id(),
                request.slug,
                request.title,
                request.question,
                request.answers,
                rules,
                request.asks == null ? Asks.NOTHING_ELSE : request.asks);
        return Response.created(URI.create("/api/v1/workflows/" + made.id()))
                .entity(made)
                .build();
    }
}
