package org.skysieve.web;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.classification.ClassificationView;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.classification.Reveals;
import org.skysieve.consensus.ConsensusLabels;
import org.skysieve.consensus.ConsensusView;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** All of one's own answers in a project, with what became of them; each may be changed until its candidate is settled. */
@Path("/projects/{slug}/my-labels")
@Blocking
@Produces(MediaType.TEXT_HTML)
class MyLabelsPages {
    private static final int ROWS = 24;

    /** One answer of the workflow as a button; {@code given} for the one that stands. */
    public record Choice(String key, String label, boolean given) {}

    /**
     * One label.
     *
     * @param entry the classification that stands, which a change supersedes
     * @param clientId made with the page, so that a form sent twice counts once
     * @param outcome what became of it, in words
     * @param open whether it may still be changed
     */
    public record Label(
            String candidateId,
            String name,
            String when,
            String answer,
            String outcome,
            boolean open,
            String entry,
            String clientId,
            List<Choice> choices) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Intake intake;
    private final Candidates candidates;
    private final ConsensusLabels consensus;
    private final Reveals reveals;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    MyLabelsPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Intake intake,
            Candidates candidates,
            ConsensusLabels consensus,
            Reveals reveals,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.intake = intake;
        this.candidates = candidates;
        this.consensus = consensus;
        this.reveals = reveals;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance labels(@RestPath String slug, @RestQuery @Nullable String cursor) {
        ProjectView project = frames.in(projects.bySlug(slug));
        WorkflowView workflow = frames.in(workflows.asked(project));
        OptionalLong reader = volunteer.idIfKnown();
        long before = Cursor.read(cursor, Long.MAX_VALUE);
        List<ClassificationView> rows = reader.isEmpty()
                ? List.of()
                : intake.ofVolunteer(reader.getAsLong(), workflow.id(), before, ROWS + 1, true);
        boolean more = rows.size() > ROWS;
        List<ClassificationView> shown = more ? rows.subList(0, ROWS) : rows;
        if (reader.isPresent()) {
            reveals.note(
                    workflow.id(),
                    reader.getAsLong(),
                    shown.stream().map(ClassificationView::candidateId).toList());
        }
        String next = more ? Cursor.of(shown.get(ROWS - 1).id()) : "";
        return Templates.myLabels(
                frames.frame(frames.messages().myLabelsTitle(project.title()), "my-labels", project.credit()),
                project,
                labels(workflow, shown),
                next,
                cursor == null ? "" : cursor);
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response change(@RestPath String slug, MultivaluedMap<String, String> sent) {
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        long reader = volunteer
                .idIfKnown()
                .orElseThrow(() -> Problem.forbidden("you have no answers to change: sign in, or classify first"));
        long candidateId = Forms.number(sent, "candidate");
        OptionalInt answer = workflow.answerOf(Forms.text(sent, "answer"));
        if (answer.isEmpty()) {
            throw Problem.badField(
                    "answer",
                    "got \"" + Forms.text(sent, "answer") + "\", need one of "
                            + workflow.answers().stream().map(AnswerOption::key).toList());
        }
        if (consensus
                .find(workflow.id(), candidateId)
                .filter(MyLabelsPages::settled)
                .isPresent()) {
            throw Problem.conflict("candidate " + candidateId
                    + " has been settled meanwhile: answers to it are not changed any more, and yours stands");
        }
        intake.record(
                new NewClassification(
                        Forms.clientId(sent),
                        workflow.id(),
                        candidateId,
                        null,
                        answer.getAsInt(),
                        Forms.number(sent, "entry"),
                        null),
                reader);
        String cursor = Forms.text(sent, "cursor");
        return Response.seeOther(URI.create("/projects/" + slug + "/my-labels"
                        + (cursor.matches("[\\w-]+") ? "?cursor=" + cursor : "") + "#candidate-" + candidateId))
                .build();
    }

    private List<Label> labels(WorkflowView workflow, List<ClassificationView> rows) {
        List<Long> ids = rows.stream().map(ClassificationView::candidateId).toList();
        Map<Long, CandidateView> known = candidates.byIds(ids);
        Map<Long, ConsensusView> now = consensus.byIds(workflow.id(), ids);
        Words words = frames.words();
        Instant instant = clock.instant();
        List<Label> labels = new ArrayList<>();
        for (ClassificationView row : rows) {
            CandidateView candidate = known.get(row.candidateId());
            ConsensusView view = now.get(row.candidateId());
            int given =
                    row.answer() == null ? -1 : workflow.answerOf(row.answer()).orElse(-1);
            boolean settled = view != null && settled(view);
            labels.add(new Label(
                    Long.toString(row.candidateId()),
                    candidate == null
                            ? words.messages().candidateNumber(Long.toString(row.candidateId()))
                            : candidate.objectId(),
                    words.ago(row.createdAt(), instant),
                    given < 0
                            ? String.valueOf(row.answer())
                            : workflow.answers().get(given).label(),
                    outcome(words.messages(), workflow, view, given),
                    !settled,
                    Long.toString(row.id()),
                    UUID.randomUUID().toString(),
                    choices(workflow, given)));
        }
        return labels;
    }

    private static List<Choice> choices(WorkflowView workflow, int given) {
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < workflow.answers().size(); i++) {
            AnswerOption answer = workflow.answers().get(i);
            choices.add(new Choice(answer.key(), answer.label(), i == given));
        }
        return choices;
    }

    private static boolean settled(ConsensusView view) {
        return !view.outcome().equals("open");
    }

    private static String outcome(Messages messages, WorkflowView workflow, @Nullable ConsensusView view, int given) {
        if (view == null || !settled(view)) {
            return messages.outcomeOpen();
        }
        if (view.outcome().equals("ambiguous")) {
            return messages.outcomeAmbiguous();
        }
        String label = workflow.answers().get(view.answer()).label();
        return view.answer() == given ? messages.outcomeSettledAsYouSaid(label) : messages.outcomeSettled(label);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance myLabels(
                Frame frame, ProjectView project, List<Label> labels, String next, String cursor);

        private Templates() {}
    }
}
