package org.skysieve.learning;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
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
import org.skysieve.project.FieldGuides;
import org.skysieve.project.GuideEntry;
import org.skysieve.project.GuideExample;
import org.skysieve.project.TutorialStep;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Field guide and tutorial of a workflow: anybody reads them, moderators write them. */
@Path("/api/v1/workflows/{id}")
@Tag(name = "learning")
@Produces(MediaType.APPLICATION_JSON)
class GuideResource {
    record Guide(@NotNull List<@Valid @NotNull Entry> entries) {}

    record Entry(
            @NotNull String answer,
            @Nullable String text,
            @Nullable List<@Valid @NotNull Example> examples) {}

    record Example(@NotNull Long candidateId, @Nullable String caption) {}

    record Tutorial(@NotNull List<@Valid @NotNull Step> steps) {}

    record Step(
            @NotNull String title,
            @Nullable String text,
            @Nullable Long candidateId) {}

    record GuideView(List<GuideEntry> entries) {}

    record TutorialView(List<TutorialStep> steps) {}

    private final GuideBook book;
    private final FieldGuides guides;
    private final TutorialsSeen seen;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    GuideResource(
            GuideBook book, FieldGuides guides, TutorialsSeen seen, Workflows workflows, CurrentVolunteer volunteer) {
        this.book = book;
        this.guides = guides;
        this.seen = seen;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    @Path("guide")
    public GuideView guide(@PathParam("id") long workflowId) {
        return new GuideView(guides.of(workflows.byId(workflowId)));
    }

    @PUT
    @Path("guide")
    @Consumes(MediaType.APPLICATION_JSON)
    public GuideView write(@PathParam("id") long workflowId, @NotNull @Valid Guide guide) {
        volunteer.require(Role.MODERATOR);
        WorkflowView workflow = workflows.byId(workflowId);
        book.write(
                workflow,
                guide.entries.stream()
                        .map(entry -> new GuideEntry(
                                entry.answer,
                                text(entry.text),
                                (entry.examples == null ? List.<Example>of() : entry.examples)
                                        .stream()
                                                .map(one -> new GuideExample(one.candidateId, text(one.caption)))
                                                .toList()))
                        .toList());
        return guide(workflowId);
    }

    @GET
    @Path("tutorial")
    public TutorialView tutorial(@PathParam("id") long workflowId) {
        return new TutorialView(guides.tutorial(workflows.byId(workflowId).id()));
    }

    @PUT
    @Path("tutorial")
    @Consumes(MediaType.APPLICATION_JSON)
    public TutorialView write(@PathParam("id") long workflowId, @NotNull @Valid Tutorial tutorial) {
        volunteer.require(Role.MODERATOR);
        book.writeTutorial(
                workflows.byId(workflowId),
                tutorial.steps.stream()
                        .map(step -> new TutorialStep(step.title, text(step.text), step.candidateId))
                        .toList());
        return tutorial(workflowId);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** @param seen whether the tutorial of this workflow has come to this account */
    record TutorialSeen(boolean seen) {}

    @GET
    @Path("me/tutorial")
    public TutorialSeen seen(@PathParam("id") long workflowId) {
        volunteer.require(Role.VOLUNTEER);
        return new TutorialSeen(seen.seen(workflows.byId(workflowId).id(), volunteer.id()));
    }

    /** Guests have no account to note it in: their browser remembers, and tells here once they have signed up. */
    @PUT
    @Path("me/tutorial")
    public TutorialSeen note(@PathParam("id") long workflowId) {
        volunteer.require(Role.VOLUNTEER);
        seen.note(workflows.byId(workflowId).id(), volunteer.id());
        return new TutorialSeen(true);
    }
}
