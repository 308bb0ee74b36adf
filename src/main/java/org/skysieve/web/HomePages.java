package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.StatisticsView;

/** The front page. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
class HomePages {
    /**
     * One project on the front page.
     *
     * @param progress SVG, ready
     */
    public record ProjectCard(String slug, Text title, Text tagline, String progress, String summary) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ProjectFigures figures;
    private final Heroes heroes;
    private final CurrentVolunteer volunteer;

    HomePages(
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
    public TemplateInstance home() {
        Words words = frames.words();
        List<ProjectCard> cards = new ArrayList<>();
        String example = "";
        long votes = 0;
        long candidates = 0;
        long settled = 0;
        for (ProjectView project : projects.list()) {
            ProjectView shown = frames.in(project);
            Text title = Text.of(shown.title(), project.title(), words.language(), project.language());
            Text tagline = Text.of(shown.tagline(), project.tagline(), words.language(), project.language());
            Optional<WorkflowView> workflow = workflows.firstActive(project.id());
            if (workflow.isEmpty()) {
                cards.add(new ProjectCard(
                        project.slug(), title, tagline, "", words.messages().homePaused()));
                continue;
            }
            StatisticsView now = figures.of(workflow.get());
            if (example.isEmpty()) {
                example = heroes.of(workflow.get());
            }
            votes += now.votes();
            candidates += now.candidates().total();
            settled += now.candidates().retiredTotal();
            cards.add(new ProjectCard(
                    project.slug(),
                    title,
                    tagline,
                    ProjectFigures.progress(frames.in(workflow.get()), now, words),
                    words.messages()
                            .homeProgress(
                                    words.count(now.candidates().retiredTotal()),
                                    words.count(now.candidates().open()))));
        }
        List<Figure> totals = List.of(
                new Figure("candidates", words.messages().figureCandidates(), words.count(candidates), ""),
                new Figure("votes", words.messages().figureVotes(), words.count(votes), ""),
                new Figure("settled", words.messages().figureSettled(), words.count(settled), ""));
        return Templates.home(
                frames.frame(words.messages().homeTitle(), "home"),
                cards,
                totals,
                volunteer.has(Role.SCIENTIST),
                example);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance home(
                Frame frame, List<ProjectCard> projects, List<Figure> figures, boolean mayMake, String example);

        private Templates() {}
    }
}
