package org.skysieve.web;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.outcome.Outcome;
import org.skysieve.outcome.VoteNews;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What became of one's votes: the candidates that settled, and what they turned out to be. */
@Path("/projects/{slug}/became")
@Blocking
@Produces(MediaType.TEXT_HTML)
class BecamePages {
    private static final int SHOWN = 60;

    /**
     * A candidate.
     *
     * @param known what it turned out to be, empty where nobody has said
     * @param url where that is reported; may be empty
     */
    public record Item(
            String candidateId,
            String name,
            String said,
            String became,
            String known,
            String url,
            String when,
            boolean fresh) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final VoteNews news;
    private final Candidates candidates;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    BecamePages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            VoteNews news,
            Candidates candidates,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.news = news;
        this.candidates = candidates;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance became(@RestPath String slug) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        OptionalLong reader = volunteer.idIfKnown();
        List<Item> items = List.of();
        if (reader.isPresent()) {
            items = items(workflow, news.of(workflow.id(), reader.getAsLong(), SHOWN));
            news.visited(workflow.id(), reader.getAsLong());
        }
        long fresh = items.stream().filter(Item::fresh).count();
        return Templates.became(
                frames.frame(frames.world().becameTitle(project.title()), "became", project.credit()),
                project,
                items,
                fresh == 0
                        ? ""
                        : frames.words()
                                .forms(frames.world().becameFresh(frames.words().count(fresh)), fresh));
    }

    private List<Item> items(WorkflowView workflow, List<VoteNews.News> rows) {
        Map<Long, CandidateView> known =
                candidates.byIds(rows.stream().map(VoteNews.News::candidateId).toList());
        Instant now = clock.instant();
        List<Item> items = new ArrayList<>();
        for (VoteNews.News row : rows) {
            CandidateView candidate = known.get(row.candidateId());
            Outcome outcome = row.outcome();
            items.add(new Item(
                    Long.toString(row.candidateId()),
                    candidate == null
                            ? frames.world().candidateNumber(Long.toString(row.candidateId()))
                            : candidate.objectId(),
                    workflow.answers().get(row.answer()).label(),
                    became(frames.world(), workflow, row),
                    outcomeInWords(frames.world(), outcome),
                    outcome == null ? "" : outcome.url(),
                    frames.words().ago(row.at(), now),
                    row.fresh()));
        }
        return items;
    }

    private static String became(WorldMessages words, WorkflowView workflow, VoteNews.News row) {
        Integer settled = row.settledAs();
        if (settled == null) {
            return row.consensus().equals("ambiguous") ? words.setAside() : "";
        }
        String label = workflow.answers().get(settled).label();
        return settled == row.answer() ? words.settledAsYouSaid(label) : words.settledAs(label);
    }

    /** "SN 2026abc, SN Ia, by spectroscopy"; empty for none. */
    static String outcomeInWords(WorldMessages words, @Nullable Outcome outcome) {
        if (outcome == null) {
            return "";
        }
        String what = outcome.name().isEmpty() || outcome.type().isEmpty()
                ? outcome.name() + outcome.type()
                : outcome.name() + ", " + outcome.type();
        return switch (outcome.kind()) {
            case "spectroscopic" -> words.bySpectroscopy(what);
            case "tns" -> words.onTns(what);
            case "photometric" -> words.byLightCurve(what);
            default -> what;
        };
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance became(Frame frame, ProjectView project, List<Item> items, String fresh);

        private Templates() {}
    }
}
