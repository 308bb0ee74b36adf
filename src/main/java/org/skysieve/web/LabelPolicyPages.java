package org.skysieve.web;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

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
import org.jboss.resteasy.reactive.RestPath;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.model.LabelPolicies;
import org.skysieve.model.LabelSources;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Which labels a project's models learn from, and how much each counts. A plain form without JavaScript. */
@Path("/projects/{slug}/label-policy")
@Blocking
@Produces(MediaType.TEXT_HTML)
class LabelPolicyPages {
    /** What a source would bring. */
    public record Row(String key, String title, String candidates, String weight, String together) {}

    /**
     * Everything on the page.
     *
     * @param held who set the policy of today, in words
     * @param rows by the policy of today
     * @param wrong how many fields of the form are wrong
     */
    public record Page(String held, List<AnswerOption> answers, List<Row> rows, LabelPolicyForm form, int wrong) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final LabelPolicies policies;
    private final LabelSources sources;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    LabelPolicyPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            LabelPolicies policies,
            LabelSources sources,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.policies = policies;
        this.sources = sources;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance policy(@RestPath String slug) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        return page(project, workflow, LabelPolicyForm.of(policies.of(workflow).policy()));
    }

    /** Saves the policy; or shows the form once more, with what is wrong beside the fields. */
    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response save(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        LabelPolicyForm form =
                LabelPolicyForm.of(policies.of(workflow).policy()).with(sent);
        try {
            policies.set(workflow, form.json(), volunteer.displayName());
            return Response.seeOther(URI.create("/projects/" + slug + "/label-policy"))
                    .build();
        } catch (Problem wrong) {
            if (wrong.errors().isEmpty()) {
                throw wrong;
            }
            return Response.status(wrong.status())
                    .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                    .entity(page(project, workflow, form.with(wrong.errors())).render())
                    .build();
        }
    }

    private TemplateInstance page(ProjectView project, WorkflowView workflow, LabelPolicyForm form) {
        LabelPolicies.Held held = policies.of(workflow);
        Instant setAt = held.setAt();
        List<LabelSources.Contribution> contributions = sources.of(workflow, held.policy());
        List<Row> rows = form.sources().stream()
                .map(source -> contributions.stream()
                        .filter(one -> one.source().equals(source.key()))
                        .findFirst()
                        .map(one -> row(source.title(), one))
                        .orElseThrow())
                .toList();
        return Templates.labelPolicy(
                frames.frame("Labels to learn from: " + project.title(), "dashboard", project.credit()),
                project,
                new Page(
                        setAt == null
                                ? "Nobody has changed it: people's labels alone."
                                : "Set by " + held.setBy() + ", " + Wording.ago(setAt, clock.instant()) + ".",
                        workflow.answers(),
                        rows,
                        form,
                        form.errors().size()));
    }

    private static Row row(String title, LabelSources.Contribution one) {
        String more = one.more() ? " or more" : "";
        return new Row(
                one.source(),
                title,
                Wording.count(one.candidates()) + more,
                Wording.decimals(one.weight(), 2),
                one.weight() > 0 ? Wording.decimals(one.weight() * one.candidates(), 0) + more : Wording.NONE);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance labelPolicy(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
