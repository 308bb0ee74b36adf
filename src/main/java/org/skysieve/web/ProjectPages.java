package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Language;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.StatisticsView;

/** The page of a project: what it asks, how far it is, and the way in. */
@Path("/projects/{slug}")
@Blocking
@Produces(MediaType.TEXT_HTML)
class ProjectPages {
    /**
     * A question of the project.
     *
     * @param progress SVG, ready
     */
    public record Asked(
            String title,
            Text question,
            List<Answer> answers,
            List<Figure> figures,
            String progress,
            List<String> legend) {}

    /** An answer and what tells it from the others. */
    public record Answer(Text label, Text help) {}

    /** What the project says of itself. */
    public record About(String slug, Text title, Text tagline, Text description) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ProjectFigures figures;
    private final Heroes heroes;
    private final CurrentVolunteer volunteer;

    ProjectPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            ProjectFigures figures,
            Heroes heroes,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.figures = figures;
        this.heroes = heroes;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance project(@RestPath String slug) {
        ProjectView project = projects.bySlug(slug);
        Words words = frames.words();
        List<Asked> asked = new ArrayList<>();
        String example = "";
        for (WorkflowView workflow : workflows.ofProject(project.id())) {
            if (workflow.active()) {
                WorkflowView shown = frames.in(workflow);
                if (example.isEmpty()) {
                    example = heroes.of(workflow);
                }
                StatisticsView now = figures.of(workflow);
                asked.add(new Asked(
                        shown.title(),
                        Text.of(shown.question(), workflow.question(), words.language(), workflow.language()),
                        answers(shown, workflow, words.language()),
                        ProjectFigures.figures(now, words),
                        ProjectFigures.progress(shown, now, words),
                        ProjectFigures.legend(shown, now, words)));
            }
        }
        ProjectView shown = frames.in(project);
        return Templates.project(
                frames.frame(shown.title(), "project", shown.credit()),
                new About(
                        slug,
                        Text.of(shown.title(), project.title(), words.language(), project.language()),
                        Text.of(shown.tagline(), project.tagline(), words.language(), project.language()),
                        Text.of(shown.description(), project.description(), words.language(), project.language())),
                asked,
                volunteer.has(Role.SCIENTIST),
                example);
    }

    private static List<Answer> answers(WorkflowView shown, WorkflowView original, Language page) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < shown.classes(); i++) {
            AnswerOption answer = shown.answers().get(i);
            AnswerOption its = original.answers().get(i);
            answers.add(new Answer(
                    Text.of(answer.label(), its.label(), page, original.language()),
                    Text.of(answer.help(), its.help(), page, original.language())));
        }
        return answers;
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance project(
                Frame frame, About project, List<Asked> asked, boolean maySetUp, String example);

        private Templates() {}
    }
}
