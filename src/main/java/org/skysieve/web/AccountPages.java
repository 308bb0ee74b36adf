package org.skysieve.web;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.classification.ClassificationView;
import org.skysieve.classification.Intake;
import org.skysieve.consensus.Reliabilities;
import org.skysieve.consensus.ReliabilityView;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** A volunteer's own page: what they answered and how well they know each class. Guests have one too. */
@Path("/account")
@Blocking
@Produces(MediaType.TEXT_HTML)
class AccountPages {
    private static final int LABELS = 50;
    /** Below this many votes a reliability is mostly what is assumed of everybody. */
    private static final int ENOUGH_VOTES = 5;

    /** @param chart SVG, ready */
    public record ClassSkill(String label, String chart, String value, String interval) {}

    /** How one workflow knows this volunteer. */
    public record Skill(
            String slug, String project, String votes, String gold, boolean early, List<ClassSkill> classes) {}

    /** One of the volunteer's answers. */
    public record Label(String candidateId, String answer, String when) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Intake intake;
    private final Reliabilities reliabilities;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    AccountPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Intake intake,
            Reliabilities reliabilities,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.intake = intake;
        this.reliabilities = reliabilities;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance account() {
        OptionalLong id = volunteer.idIfKnown();
        List<Label> labels = id.isEmpty() ? List.of() : labels(id.getAsLong());
        List<Skill> skills = id.isEmpty() ? List.of() : skills(id.getAsLong());
        String name = volunteer.isGuest() ? frames.messages().yourLabels() : volunteer.displayName();
        return Templates.account(
                frames.frame(frames.messages().yourLabels(), "account"), name, volunteer.isGuest(), labels, skills);
    }

    private List<Label> labels(long id) {
        Words words = frames.words();
        Instant now = clock.instant();
        Map<Long, Optional<WorkflowView>> known = new HashMap<>();
        List<Label> labels = new ArrayList<>();
        for (ClassificationView row : intake.ofVolunteer(id, null, Long.MAX_VALUE, LABELS, true)) {
            Optional<WorkflowView> workflow = known.computeIfAbsent(
                    row.workflowId(), key -> workflows.find(key).map(frames::in));
            labels.add(new Label(
                    Long.toString(row.candidateId()), answer(workflow, row), words.ago(row.createdAt(), now)));
        }
        return labels;
    }

    private String answer(Optional<WorkflowView> workflow, ClassificationView row) {
        String key = row.answer();
        if (key == null) {
            return frames.messages().accountTakenBack();
        }
        OptionalInt at = workflow.map(one -> one.answerOf(key)).orElse(OptionalInt.empty());
        return at.isPresent()
                ? workflow.orElseThrow().answers().get(at.getAsInt()).label()
                : key;
    }

    private List<Skill> skills(long id) {
        List<Skill> skills = new ArrayList<>();
        for (WorkflowView workflow : workflows.active()) {
            Optional<ReliabilityView> known = reliabilities.of(workflow.id(), id);
            if (known.isPresent()) {
                ProjectView project = frames.in(projects.byId(workflow.projectId()));
                skills.add(skill(project, frames.in(workflow), known.get(), frames.words()));
            }
        }
        return skills;
    }

    private static Skill skill(ProjectView project, WorkflowView workflow, ReliabilityView known, Words words) {
        List<ClassSkill> classes = new ArrayList<>();
        for (int i = 0; i < workflow.answers().size(); i++) {
            AnswerOption answer = workflow.answers().get(i);
            ReliabilityView.Accuracy accuracy = known.accuracy().get(i);
            Charts.Estimate drawn =
                    new Charts.Estimate(answer.label(), accuracy.mean(), accuracy.low(), accuracy.high());
            classes.add(new ClassSkill(
                    answer.label(),
                    Charts.inline(drawn, 0, words),
                    words.percent(accuracy.mean()),
                    words.interval(accuracy.low(), accuracy.high())));
        }
        String gold = known.goldSeen() == 0
                ? ""
                : words.messages().accountGold(words.count(known.goldAgreed()), words.count(known.goldSeen()));
        String votes = words.forms(words.messages().accountVotes(words.count(known.votes())), known.votes());
        return new Skill(project.slug(), project.title(), votes, gold, known.votes() < ENOUGH_VOTES, classes);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance account(
                Frame frame, String name, boolean guest, List<Label> labels, List<Skill> skills);

        private Templates() {}
    }
}
