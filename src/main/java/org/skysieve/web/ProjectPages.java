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
            String question,
            List<AnswerOption> answers,
            List<Figure> figures,
            String progress,
            List<String> legend) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ProjectFigures figures;

    ProjectPages(Frames frames, Projects projects, Workflows workflows, ProjectFigures figures) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.figures = figures;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance project(@RestPath String slug) {
        ProjectView project = projects.bySlug(slug);
        List<Asked> asked = new ArrayList<>();
        for (WorkflowView workflow : workflows.ofProject(project.id())) {
            if (workflow.active()) {
                StatisticsView now = figures.of(workflow);
                asked.add(new Asked(
                        workflow.title(),
                        workflow.question(),
                        workflow.answers(),
                        ProjectFigures.figures(now),
                        ProjectFigures.progress(workflow, now),
                        ProjectFigures.legend(workflow, now)));
            }
        }
        return Templates.project(frames.frame(project.title(), "project", project.credit()), project, asked);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance project(Frame frame, ProjectView project, List<Asked> asked);

        private Templates() {}
    }
}
