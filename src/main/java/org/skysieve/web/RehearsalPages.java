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
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.consensus.Rehearsals;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What the votes of a project would have come to under other rules. A plain form: it needs no JavaScript. */
@Path("/projects/{slug}/rehearsal")
@Blocking
@Produces(MediaType.TEXT_HTML)
class RehearsalPages {
    /** One figure under both rules. */
    public record Row(String key, String label, String current, String proposed) {}

    /**
     * Everything on the page.
     *
     * @param trouble why there is no comparison, or null
     */
    public record Page(
            String rule,
            Double retireAt,
            Integer minVotes,
            Integer maxVotes,
            Double ambiguousBelow,
            String entries,
            List<Row> rows,
            String note,
            @Nullable String trouble) {}

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
    public TemplateInstance rehearse(
            @RestPath String slug,
            @RestQuery @Nullable String rule,
            @RestQuery @Nullable Double retireAt,
            @RestQuery @Nullable Integer minVotes,
            @RestQuery @Nullable Integer maxVotes,
            @RestQuery @Nullable Double ambiguousBelow) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows
                .firstActive(project.id())
                .orElseThrow(() -> Problem.notFound("the project " + slug + " asks no question at the moment"));
        Rules rules = workflow.rules();
        Rehearsals.Request request = new Rehearsals.Request(
                rule, retireAt, null, minVotes, maxVotes, ambiguousBelow, null, null, null, null, null);
        String entries = "the votes";
        List<Row> rows = List.of();
        String note = "";
        String trouble = null;
        try {
            Rehearsals.Comparison compared = rehearsals.rehearse(workflow.id(), request);
            entries = Wording.count(compared.entries()) + (compared.complete() ? "" : " (the first)")
                    + " entries of the log";
            rows = rows(compared.current(), compared.proposed());
            note = compared.note();
        } catch (Problem problem) {
            trouble = problem.getMessage();
        }
        Page page = new Page(
                rule == null ? "posterior" : rule,
                retireAt == null ? (Double) rules.retireAt() : retireAt,
                minVotes == null ? (Integer) rules.minVotes() : minVotes,
                maxVotes == null ? (Integer) rules.maxVotes() : maxVotes,
                ambiguousBelow == null ? (Double) rules.ambiguousBelow() : ambiguousBelow,
                entries,
                rows,
                note,
                trouble);
        return Templates.rehearsal(
                frames.frame("Rehearsal: " + project.title(), "dashboard", project.credit()), project, page);
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
