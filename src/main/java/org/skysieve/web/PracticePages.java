package org.skysieve.web;

import java.util.Optional;
import java.util.OptionalLong;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.learning.Practice;
import org.skysieve.learning.Truth;
import org.skysieve.platform.Problem;
import org.skysieve.platform.RandomSource;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Practise what you find hard: one known candidate after the other, the truth at once, and never a vote. */
@Path("/projects/{slug}/practice")
@Blocking
@Produces(MediaType.TEXT_HTML)
class PracticePages {
    /**
     * What is on the page.
     *
     * @param candidateId empty where there is nothing to practise on
     * @param truth null before the answer
     */
    public record Round(String candidateId, @Nullable Truth truth) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Practice practice;
    private final CurrentVolunteer volunteer;
    private final RandomSource random;

    PracticePages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Practice practice,
            CurrentVolunteer volunteer,
            RandomSource random) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.practice = practice;
        this.volunteer = volunteer;
        this.random = random;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance draw(@RestPath String slug, @RestQuery @Nullable Long previous) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        Optional<Long> drawn = practice.draw(
                workflow,
                volunteer.idIfKnown(),
                previous == null ? OptionalLong.empty() : OptionalLong.of(previous),
                random.split());
        return page(project, workflow, new Round(drawn.map(id -> id.toString()).orElse(""), null));
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public TemplateInstance answer(
            @RestPath String slug, @RestForm @Nullable Long candidate, @RestForm @Nullable String answer) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        if (candidate == null) {
            throw Problem.badField("candidate", "got nothing, need the number of a candidate");
        }
        int given = workflow.answerOf("" + answer)
                .orElseThrow(() -> Problem.badField("answer", "got \"" + answer + "\", need one of the answers"));
        Truth truth = practice.answer(workflow, volunteer.id(), candidate, given);
        return page(project, workflow, new Round(candidate.toString(), truth));
    }

    private TemplateInstance page(ProjectView project, WorkflowView workflow, Round round) {
        return Templates.practice(
                frames.frame(frames.world().practiceTitle(project.title()), "practice", project.credit()),
                project,
                workflow,
                round);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance practice(Frame frame, ProjectView project, WorkflowView workflow, Round round);

        private Templates() {}
    }
}
