package org.skysieve.web;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** A workflow made and edited in the browser: question, answers, tasks, tree and rules. Forms without JavaScript. */
@Path("/projects/{slug}/workflows")
@Blocking
@Produces(MediaType.TEXT_HTML)
class WorkflowPages {
    /**
     * Everything on the page.
     *
     * @param action where the form goes
     * @param version of the workflow that is edited; 0 for a new one
     * @param trouble what keeps it from being saved beside wrong fields; may be empty
     */
    public record Page(
            String action,
            int version,
            String title,
            List<FormField> head,
            List<WorkflowForm.AnswerRow> answers,
            String answersError,
            boolean mayAddAnswers,
            List<WorkflowForm.TaskRow> tasks,
            String tasksError,
            boolean mayAddTasks,
            FormField tree,
            String treeExample,
            List<FormField> rules,
            String rulesError,
            int wrong,
            String trouble) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;
    private final ObjectMapper json;

    WorkflowPages(
            Frames frames, Projects projects, Workflows workflows, CurrentVolunteer volunteer, ObjectMapper json) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.volunteer = volunteer;
        this.json = json;
    }

    @GET
    @Path("new")
    @Operation(hidden = true)
    public TemplateInstance fresh(@RestPath String slug) {
        volunteer.require(Role.SCIENTIST);
        return page(projects.bySlug(slug), null, 0, WorkflowForm.fresh(json), "");
    }

    /** Adds or removes a row, or makes the workflow. */
    @POST
    @Path("new")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response create(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowForm form = WorkflowForm.sent(sent, null, json);
        if (form.act(action(sent))) {
            return Forms.with(200, page(project, null, 0, form, ""));
        }
        Optional<WorkflowForm.Read> read = form.read();
        int status = 400;
        if (read.isPresent()) {
            WorkflowForm.Read made = read.get();
            try {
                workflows.create(
                        project.id(),
                        form.slug(),
                        made.title(),
                        made.question(),
                        made.answers(),
                        made.rules(),
                        made.asks());
                return toSetup(slug);
            } catch (Problem problem) {
                form.wrong(problem);
                status = problem.status();
            }
        }
        return Forms.with(status, page(project, null, 0, form, ""));
    }

    @GET
    @Path("{workflow}/edit")
    @Operation(hidden = true)
    public TemplateInstance edit(@RestPath String slug, @RestPath String workflow) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView stored = workflows.bySlug(project, workflow);
        return page(project, stored, stored.version(), WorkflowForm.of(stored, json), "");
    }

    /** Adds or removes a row, or saves another version; without any difference there is none. */
    @POST
    @Path("{workflow}/edit")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response save(@RestPath String slug, @RestPath String workflow, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView stored = workflows.bySlug(project, workflow);
        WorkflowForm form = WorkflowForm.sent(sent, stored, json);
        // What was read when the page was opened, until its reader has been told that there is another.
        int opened = version(sent);
        if (form.act(action(sent))) {
            return Forms.with(200, page(project, stored, opened, form, ""));
        }
        Optional<WorkflowForm.Read> read = form.read();
        int status = 400;
        if (read.isPresent()) {
            if (stored.version() != opened) {
                return overtaken(project, stored, form);
            }
            try {
                write(stored, read.get());
                return toSetup(slug);
            } catch (Problem problem) {
                WorkflowView now = workflows.bySlug(project, workflow);
                if (problem.status() == 409 && now.version() != opened) {
                    // In the moment between reading and writing.
                    return overtaken(project, now, form);
                }
                form.wrong(problem);
                status = problem.status();
            }
        }
        return Forms.with(status, page(project, stored, opened, form, ""));
    }

    private Response overtaken(ProjectView project, WorkflowView newest, WorkflowForm form) {
        return Forms.with(
                409,
                page(
                        project,
                        newest,
                        newest.version(),
                        form,
                        "Somebody has saved version " + newest.version()
                                + " meanwhile. What you typed is still here: saving once more puts it in that one's place."));
    }

    private void write(WorkflowView stored, WorkflowForm.Read read) {
        boolean same = read.question().equals(stored.question())
                && read.answers().equals(stored.answers())
                && read.rules().equals(stored.rules())
                && read.asks().equals(stored.asks());
        if (!same) {
            workflows.newVersion(
                    stored.id(),
                    OptionalInt.of(stored.version()),
                    read.question(),
                    read.answers(),
                    read.rules(),
                    read.asks());
        }
        if (!read.title().equals(stored.title())) {
            workflows.rename(stored.id(), read.title());
        }
    }

    /** 0, which no version has, for what is no number. */
    private static int version(MultivaluedMap<String, String> sent) {
        String version = sent.getFirst("version");
        return version != null && version.matches("\\d{1,9}") ? Integer.parseInt(version) : 0;
    }

    private static String action(MultivaluedMap<String, String> sent) {
        String action = sent.getFirst("do");
        return action == null ? "save" : action;
    }

    private static Response toSetup(String slug) {
        return Response.seeOther(URI.create("/projects/" + slug + "/setup?done=workflow"))
                .build();
    }

    private TemplateInstance page(
            ProjectView project, @Nullable WorkflowView stored, int opened, WorkflowForm form, String trouble) {
        String at = "/projects/" + project.slug() + "/workflows/";
        return Templates.workflowForm(
                frames.frame(stored == null ? "New workflow" : "Edit " + stored.title(), "setup", project.credit()),
                project,
                new Page(
                        stored == null ? at + "new" : at + stored.slug() + "/edit",
                        opened,
                        stored == null ? "" : stored.title(),
                        form.head(),
                        form.answerRows(),
                        form.error("answers"),
                        form.mayAddAnswers(),
                        form.taskRows(),
                        form.error("tasks"),
                        form.mayAddTasks(),
                        form.tree(),
                        form.treeExample(),
                        form.ruleFields(),
                        form.error("rules"),
                        form.errors(),
                        trouble));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance workflowForm(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
