package org.skysieve.web;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;

import org.skysieve.project.Projects;

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
    public record ProjectCard(String slug, String title, String tagline, String progress, String summary) {}

    private final Frames frames;
    private final Projects projects;

    HomePages(Frames frames, Projects projects) {
        this.frames = frames;
        this.projects = projects;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance home() {
        List<ProjectCard> cards = projects.list().stream()
                .map(project -> new ProjectCard(project.slug(), project.title(), project.tagline(), "", ""))
                .toList();
        return Templates.home(frames.frame("Classify the changing sky", "home"), cards, List.of());
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance home(Frame frame, List<ProjectCard> projects, List<Figure> figures);

        private Templates() {}
    }
}
