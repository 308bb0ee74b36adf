package org.skysieve.web;

import java.net.URI;
import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.consensus.Rehearsals;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.RetirementChange;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What the votes of a project would have come to under other rules, and saving those. Plain forms without JavaScript. */
@Path("/projects/{slug}/rehearsal")
@Blocking
@Produces(MediaType.TEXT_HTML)
class RehearsalPages {
    /** One figure under both rules. */
    public record Row(String key, String label, String current, String proposed) {}

    /**
     * Everything on the page.
     *
     * @param version of the workflow that holds today
     * @param today the rule of today
     * @param form the rule rehearsed
     * @param same whether that is the rule of today
     * @param trouble why there is no comparison, or null
     */
    public record Page(
            int version,
            RetirementForm today,
            RetirementForm form,
            boolean same,
            String entries,
            List<Row> rows,
            String note,
            @Nullable String trouble) {
        public int nextVersion() {
            return version + 1;
        }
    }

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Rehearsals rehearsals;
    private final CurrentVolunteer volunteer;

    RehearsalPages(
            Frames frames, Projects projects, Workflows workflows, Rehearsals rehearsals, CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.rehearsals = rehearsals;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance rehearse(@RestPath String slug, @Context UriInfo uri) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        RetirementForm today = RetirementForm.of(workflow);
        RetirementForm form = today.with(uri.getQueryParameters());
        boolean same = false;
        String entries = "the votes";
        List<Row> rows = List.of();
        String note = "";
        String trouble = null;
        try {
            RetirementChange change = form.change();
            same = workflows.rulesWith(workflow, change).equals(workflow.rules());
            Rehearsals.Comparison compared = rehearsals.rehearse(workflow.id(), change);
            entries = Wording.count(compared.entries()) + (compared.complete() ? "" : " (the first)")
                    + " entries of the log";
            rows = rows(compared.current(), compared.proposed());
            note = compared.note();
        } catch (Problem problem) {
            trouble = problem.getMessage();
        }
        return Templates.rehearsal(
                frames.frame("Rehearsal: " + project.title(), "dashboard", project.credit()),
                project,
                new Page(workflow.version(), today, form, same, entries, rows, note, trouble));
    }

    /** Saves what was rehearsed, unless the rules have changed since. */
    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response save(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        if (!String.valueOf(workflow.version()).equals(sent.getFirst("version"))) {
            throw Problem.conflict("version " + workflow.version() + " of the rules holds by now, and not version "
                    + sent.getFirst("version") + " that you compared with: please rehearse again");
        }
        workflows.retire(workflow.id(), RetirementForm.of(workflow).with(sent).change());
        return Response.seeOther(URI.create("/projects/" + slug + "/dashboard#rules"))
                .build();
    }

    private static List<Row> rows(Rehearsals.Plan current, Rehearsals.Plan proposed) {
        return List.of(
                new Row("used", "Votes asked for", Wording.count(current.used()), Wording.count(proposed.used())),
                new Row("saved", "Votes saved", Wording.count(current.saved()), Wording.count(proposed.saved())),
                new Row(
                        "per-candidate",
                        "Votes a candidate",
                        Wording.decimals(ProjectFigures.orNaN(current.votesPerCandidate()), 2),
                        Wording.decimals(ProjectFigures.orNaN(proposed.votesPerCandidate()), 2)),
                new Row("retired", "Settled", Wording.count(current.retired()), Wording.count(proposed.retired())),
                new Row(
                        "ambiguous",
                        "Ambiguous",
                        Wording.count(current.ambiguous()),
                        Wording.count(proposed.ambiguous())),
                new Row("open", "Still open", Wording.count(current.open()), Wording.count(proposed.open())),
                row(
                        "gold-purity",
                        "Purity on gold",
                        current.againstGold().purity(),
                        proposed.againstGold().purity()),
                row(
                        "gold-completeness",
                        "Completeness on gold",
                        current.againstGold().completeness(),
                        proposed.againstGold().completeness()),
                row(
                        "purity",
                        "Purity against today's labels",
                        current.againstConsensus().purity(),
                        proposed.againstConsensus().purity()),
                row(
                        "completeness",
                        "Completeness against today's labels",
                        current.againstConsensus().completeness(),
                        proposed.againstConsensus().completeness()));
    }

    private static Row row(String key, String label, Rehearsals.Share current, Rehearsals.Share proposed) {
        return new Row(key, label, share(current), share(proposed));
    }

    private static String share(Rehearsals.Share share) {
        double low = ProjectFigures.orNaN(share.low());
        double high = ProjectFigures.orNaN(share.high());
        return share.value() == null
                ? "nothing to measure on"
                : Wording.percent(share.value()) + " (" + Wording.interval(low, high) + ")";
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance rehearsal(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
