package org.skysieve.web;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectTexts;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;

/** A new project, and the texts of one. Plain forms without JavaScript; what was typed is never lost. */
@Path("/new-project")
@Blocking
@Produces(MediaType.TEXT_HTML)
class ProjectFormPages {
    /**
     * Everything on the page.
     *
     * @param slug of the project; empty for a new one
     * @param title of the project as it is
     * @param action where the form goes
     * @param wrong how many fields are wrong
     */
    public record Page(String slug, String title, String action, List<FormField> fields, int wrong) {}

    private final Frames frames;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    ProjectFormPages(Frames frames, Projects projects, CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance fresh() {
        volunteer.require(Role.SCIENTIST);
        return page(null, ProjectForm.fresh());
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response create(MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        ProjectForm form = ProjectForm.sent(true, sent);
        Optional<ProjectTexts> texts = form.read();
        if (texts.isPresent()) {
            try {
                return to(projects.create(form.slug(), texts.get()));
            } catch (Problem problem) {
                form.wrong(problem);
            }
        }
        return Forms.refused(page(null, form));
    }

    TemplateInstance edit(ProjectView project) {
        return page(project, ProjectForm.of(project));
    }

    Response save(ProjectView project, MultivaluedMap<String, String> sent) {
        ProjectForm form = ProjectForm.sent(false, sent);
        Optional<ProjectTexts> texts = form.read();
        return texts.isPresent()
                ? to(projects.update(project.slug(), texts.get()))
                : Forms.refused(page(project, form));
    }

    private static Response to(ProjectView project) {
        return Response.seeOther(URI.create("/projects/" + project.slug() + "/setup?done=project"))
                .build();
    }

    private TemplateInstance page(@Nullable ProjectView project, ProjectForm form) {
        Page page = project == null
                ? new Page("", "", "/new-project", form.fields(), form.errors())
                : new Page(
                        project.slug(),
                        project.title(),
                        "/projects/" + project.slug() + "/setup/project",
                        form.fields(),
                        form.errors());
        return Templates.projectForm(
                frames.frame(project == null ? "New project" : "Edit " + project.title(), "setup"), page);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance projectForm(Frame frame, Page page);

        private Templates() {}
    }
}
