package org.skysieve.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
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
import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.Assignments;
import org.skysieve.classification.ClassificationView;
import org.skysieve.classification.Details;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.learning.GoldFeedback;
import org.skysieve.learning.Truth;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.project.DecisionTree;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Task;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.Feed;
import org.skysieve.selection.Selection;
import org.skysieve.selection.Why;

/**
 * Classifying by forms alone: one candidate on a page, every act a POST that leads to the next page.
 *
 * <pre>
 *   begin --&gt; candidate -- answer --&gt; [tasks] --&gt; next candidate, with what was saved, Undo, and what a gold standard was
 *               ^  |  skip --------------------&gt; next candidate
 *               |  +- branch of a tree (GET) --+
 *               +---------- undo --------------+
 * </pre>
 *
 * <p>It goes through the doors that the script goes through. A page view makes no guest; "Begin" does.
 */
@Path("/projects/{slug}/classify/plain")
@Blocking
@Produces(MediaType.TEXT_HTML)
class PlainClassifyPages {
    /** Something to say that is not about a saved answer; the name is what addresses carry, in lower case. */
    private enum Note {
        UNDONE,
        ANSWERED,
        GONE,
        STANDS,
        BEGUN;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param link may be empty */
    public record Notice(String words, String link, String linkWords) {}

    /**
     * The answer before, which may be taken back.
     *
     * @param entry the classification that stands
     * @param clientId of its withdrawal
     * @param truth what a newcomer is told of a gold standard, or null
     */
    public record Saved(
            String entry,
            String clientId,
            String candidateId,
            String name,
            String words,
            @Nullable Truth truth) {}

    /**
     * A way on from a question.
     *
     * @param answer the key of the answer, or empty for a branch
     * @param link of a branch to the next question, or empty for an answer
     * @param tongue attributes of the label's language, ready
     */
    public record Choice(String label, String tongue, int hue, String answer, String link) {}

    /**
     * @param back the address of the question before, or empty
     * @param error what was wrong with what was sent; may be empty
     */
    public record Question(String text, String tongue, List<Choice> choices, String back, String error) {}

    /**
     * A candidate and what is said of it.
     *
     * @param brightness such as "r 18.70", or empty
     * @param why it is shown, in a sentence; may be empty
     */
    public record Shown(
            String candidateId,
            String name,
            String brightness,
            String signal,
            String why,
            List<CandidateFigures.Panel> panels,
            CandidateFigures.Curve curve) {}

    /**
     * The page.
     *
     * @param assignment what is answered, or empty where there is nothing left
     * @param clientId made with the page, so that a form sent twice counts once
     */
    public record View(
            String assignment,
            String clientId,
            @Nullable Shown shown,
            @Nullable Question question,
            @Nullable Notice notice,
            @Nullable Saved saved,
            boolean tutorial) {}

    /** The page of what is asked after an answer. */
    public record More(
            String entry, String words, boolean wrong, Shown shown, List<PlainTasks.Field> fields, Tongues tongues) {}

    /**
     * In which language a text of the project is.
     *
     * @param own what the project is written in
     * @param originals all texts as they were written; others are translated
     */
    public record Tongues(Language page, String own, Set<String> originals) {
        /** Attributes of its element, ready. */
        public String of(String shown) {
            return Text.tongue(page, shown, originals.contains(shown) ? shown : "", own);
        }
    }

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Candidates candidates;
    private final CandidateFigures figures;
    private final Selection selection;
    private final Why why;
    private final Assignments assignments;
    private final Intake intake;
    private final Details details;
    private final GoldFeedback goldFeedback;
    private final FieldGuides guides;
    private final CurrentVolunteer volunteer;

    @SuppressWarnings("TooManyParameters")
    PlainClassifyPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Candidates candidates,
            CandidateFigures figures,
            Selection selection,
            Why why,
            Assignments assignments,
            Intake intake,
            Details details,
            GoldFeedback goldFeedback,
            FieldGuides guides,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.candidates = candidates;
        this.figures = figures;
        this.selection = selection;
        this.why = why;
        this.assignments = assignments;
        this.intake = intake;
        this.details = details;
        this.goldFeedback = goldFeedback;
        this.guides = guides;
        this.volunteer = volunteer;
    }

    /**
     * The next candidate, or one that the reader holds already.
     *
     * @param assignment to show again, if it is the reader's own and not answered
     * @param question of a decision tree
     * @param said the answer that has just been saved
     * @param added whether something was added to it
     * @param skipped the assignment that has just been skipped
     * @param note the key of a {@link Note}
     */
    @GET
    @Operation(hidden = true)
    public Response classify(
            @RestPath String slug,
            @RestQuery @Nullable Long assignment,
            @RestQuery @Nullable Integer question,
            @RestQuery @Nullable Long said,
            @RestQuery boolean added,
            @RestQuery @Nullable Long skipped,
            @RestQuery @Nullable String note) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        OptionalLong reader = volunteer.idIfKnown();
        if (reader.isEmpty()) {
            return beginning(project, workflow, Note.BEGUN.key().equals(note));
        }
        long me = reader.getAsLong();
        Saved saved = said == null ? null : saved(workflow, said, me, added);
        Optional<AssignmentView> again = Optional.ofNullable(assignment).flatMap(id -> own(id, workflow, me));
        AssignmentView held = again.orElseGet(() -> next(workflow, me));
        // Who was given another candidate meanwhile begins with the first question.
        int at = question == null || again.isEmpty() ? 0 : question;
        return candidate(200, project, workflow, held, at, "", notice(slug, note, skipped), saved);
    }

    /** Somebody unknown becomes a guest. */
    @POST
    @Path("begin")
    @Operation(hidden = true)
    public Response begin(@RestPath String slug) {
        workflows.asked(projects.bySlug(slug));
        volunteer.id();
        return to(slug, "?note=" + Note.BEGUN.key());
    }

    /** An answer or a skip of the candidate that the page showed. */
    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response answer(@RestPath String slug, MultivaluedMap<String, String> sent) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        OptionalLong reader = volunteer.idIfKnown();
        if (reader.isEmpty()) {
            return to(slug, "?note=" + Note.BEGUN.key());
        }
        long me = reader.getAsLong();
        AssignmentView held = assignments
                .find(Forms.number(sent, "assignment"))
                .filter(found -> found.volunteerId() == me && found.workflowId() == workflow.id())
                .orElse(null);
        if (held == null) {
            return to(slug, "?note=" + Note.GONE.key());
        }
        if (sent.containsKey("skip")) {
            boolean closed = assignments.skip(held.id(), me) == Assignments.Closing.CLOSED;
            return to(slug, closed ? "?skipped=" + held.id() : "?note=" + Note.ANSWERED.key());
        }
        OptionalInt answer = workflow.answerOf(Forms.text(sent, "answer"));
        if (answer.isEmpty()) {
            String error = frames.plain().chooseAnswer();
            return candidate(400, project, workflow, held, 0, error, null, null);
        }
        NewClassification given = new NewClassification(
                Forms.clientId(sent), workflow.id(), held.candidateId(), held.id(), answer.getAsInt(), null, null);
        ClassificationView entry;
        try {
            entry = intake.record(given, me).classification();
        } catch (Problem refused) {
            return switch (refused.status()) {
                case 409 -> to(slug, "?note=" + Note.ANSWERED.key());
                case 403, 404 -> to(slug, "?note=" + Note.GONE.key());
                default -> throw refused;
            };
        }
        String key = workflow.answers().get(answer.getAsInt()).key();
        return workflow.asks().after(key).isEmpty()
                ? to(slug, "?said=" + entry.id())
                : to(slug, "/tasks?entry=" + entry.id());
    }

    /** Takes an answer back, and shows its candidate again. */
    @POST
    @Path("undo")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response undo(@RestPath String slug, MultivaluedMap<String, String> sent) {
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        OptionalLong reader = volunteer.idIfKnown();
        if (reader.isEmpty()) {
            return to(slug, "?note=" + Note.BEGUN.key());
        }
        NewClassification withdrawal = new NewClassification(
                Forms.clientId(sent),
                workflow.id(),
                Forms.number(sent, "candidate"),
                null,
                null,
                Forms.number(sent, "entry"),
                null);
        try {
            Long held = intake.record(withdrawal, reader.getAsLong())
                    .classification()
                    .assignmentId();
            return to(slug, "?note=" + Note.UNDONE.key() + (held == null ? "" : "&assignment=" + held));
        } catch (Problem refused) {
            if (refused.status() != 409 && refused.status() != 404) {
                throw refused;
            }
            return to(slug, "?note=" + Note.STANDS.key());
        }
    }

    /** What is asked after an answer that is saved already. */
    @GET
    @Path("tasks")
    @Operation(hidden = true)
    public Response tasks(@RestPath String slug, @RestQuery @Nullable Long entry) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        OptionalLong reader = volunteer.idIfKnown();
        return Optional.ofNullable(entry)
                .filter(id -> reader.isPresent())
                .flatMap(id -> standing(workflow, id, reader.getAsLong()))
                .map(answered -> more(200, project, answered, form(answered, new MultivaluedHashMap<>()), ""))
                .orElseGet(() -> to(slug, ""));
    }

    @POST
    @Path("tasks")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response add(@RestPath String slug, MultivaluedMap<String, String> sent) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        OptionalLong reader = volunteer.idIfKnown();
        ClassificationView answered = reader.isEmpty()
                ? null
                : standing(workflow, Forms.number(sent, "entry"), reader.getAsLong())
                        .orElse(null);
        if (answered == null || reader.isEmpty()) {
            return to(slug, "?note=" + Note.STANDS.key());
        }
        PlainTasks form = form(answered, sent);
        if (form.edited()) {
            return more(200, project, answered, form, "");
        }
        var values = form.values();
        if (values.isEmpty()) {
            return to(slug, "?said=" + answered.id());
        }
        try {
            details.put(reader.getAsLong(), answered.clientId(), values);
        } catch (Problem refused) {
            if (refused.status() != 400 || refused.errors().isEmpty()) {
                throw refused;
            }
            return more(400, project, answered, form, refused.errors().get(0).field());
        }
        return to(slug, "?said=" + answered.id() + "&added=true");
    }

    private Response beginning(ProjectView project, WorkflowView workflow, boolean noCookie) {
        return page(
                200,
                Templates.plainBegin(
                        frame(project),
                        frames.in(project),
                        frames.in(workflow),
                        workflow,
                        noCookie,
                        guides.hasTutorial(workflow.id())));
    }

    private @Nullable AssignmentView next(WorkflowView workflow, long me) {
        List<AssignmentView> served =
                selection.next(workflow.id(), me, 1, Feed.TEACHING).assignments();
        return served.isEmpty() ? null : served.get(0);
    }

    /** An assignment of somebody that may still be answered. */
    private Optional<AssignmentView> own(long id, WorkflowView workflow, long me) {
        return assignments
                .find(id)
                .filter(found -> found.volunteerId() == me && found.workflowId() == workflow.id())
                .filter(found -> !found.state().equals("answered"));
    }

    /** An answer of somebody that counts. */
    private Optional<ClassificationView> standing(WorkflowView workflow, long id, long me) {
        return id == Long.MAX_VALUE
                ? Optional.empty()
                : intake.ofVolunteer(me, workflow.id(), id + 1, 1, true).stream()
                        .filter(entry -> entry.id() == id)
                        .findFirst();
    }

    private Response candidate(
            int status,
            ProjectView project,
            WorkflowView original,
            @Nullable AssignmentView held,
            int question,
            String error,
            @Nullable Notice notice,
            @Nullable Saved saved) {
        WorkflowView workflow = frames.in(original);
        View view = held == null
                ? new View("", "", null, null, notice, saved, false)
                : new View(
                        Long.toString(held.id()),
                        UUID.randomUUID().toString(),
                        shown(
                                held.candidateId(),
                                why.words(held, workflow.rules(), frames.words().language())),
                        question(project.slug(), workflow, original, held, question, error),
                        notice,
                        saved,
                        guides.hasTutorial(workflow.id()));
        return page(status, Templates.plainClassify(frame(project), frames.in(project), workflow, original, view));
    }

    private Frame frame(ProjectView project) {
        ProjectView shown = frames.in(project);
        return frames.frame(frames.words().classify().title(shown.title()), "classify", shown.credit());
    }

    private Shown shown(long candidateId, String because) {
        Words words = frames.words();
        CandidateView candidate = candidates.find(candidateId);
        return new Shown(
                Long.toString(candidateId),
                candidate.objectId(),
                Float.isNaN(candidate.mag())
                        ? ""
                        : candidate.passband().label() + " " + Wording.decimals(candidate.mag(), 2) + " "
                                + words.candidate().magUnit(),
                Float.isNaN(candidate.snr()) ? "" : Wording.decimals(candidate.snr(), 0),
                because,
                figures.panels(candidate, words),
                figures.curve(candidate, words));
    }

    private Question question(
            String slug, WorkflowView workflow, WorkflowView original, AssignmentView held, int asked, String error) {
        List<Choice> choices = new ArrayList<>();
        DecisionTree tree = workflow.asks().tree();
        if (tree == null) {
            for (int i = 0; i < workflow.answers().size(); i++) {
                var answer = workflow.answers().get(i);
                choices.add(new Choice(
                        answer.label(),
                        tongue(answer.label(), original.answers().get(i).label(), original),
                        i,
                        answer.key(),
                        ""));
            }
            return new Question(
                    workflow.question(),
                    tongue(workflow.question(), original.question(), original),
                    choices,
                    "",
                    error);
        }
        List<DecisionTree.Node> nodes = tree.nodes();
        int at = asked >= 0 && asked < nodes.size() ? asked : 0;
        DecisionTree.Node node = nodes.get(at);
        String here = "/projects/" + slug + "/classify/plain?assignment=" + held.id() + "&question=";
        List<DecisionTree.Branch> branches = node.asks().branches();
        DecisionTree said =
                Objects.requireNonNull(original.asks().tree()).nodes().get(at).asks();
        for (int i = 0; i < branches.size(); i++) {
            String answer = Objects.requireNonNullElse(branches.get(i).answer(), "");
            choices.add(new Choice(
                    branches.get(i).label(),
                    tongue(branches.get(i).label(), said.branches().get(i).label(), original),
                    workflow.answerOf(answer).orElse(0),
                    answer,
                    answer.isEmpty() ? here + node.next().get(i) : ""));
        }
        return new Question(
                node.asks().question(),
                tongue(node.asks().question(), said.question(), original),
                choices,
                node.parent() < 0 ? "" : here + node.parent(),
                error);
    }

    private String tongue(String shown, String said, WorkflowView original) {
        return Text.tongue(frames.words().language(), shown, said, original.language());
    }

    private @Nullable Notice notice(String slug, @Nullable String key, @Nullable Long skipped) {
        PlainMessages messages = frames.plain();
        ScriptMessages script =
                Words.bundle(ScriptMessages.class, frames.words().language());
        if (skipped != null) {
            return new Notice(
                    script.skipped(), "/projects/" + slug + "/classify/plain?assignment=" + skipped, messages.again());
        }
        return switch (key == null ? "" : key) {
            case "undone" -> new Notice(script.undone(), "", "");
            case "answered" ->
                new Notice(
                        messages.answered(),
                        "/projects/" + slug + "/my-labels",
                        frames.messages().yourLabels());
            case "gone" -> new Notice(messages.gone(), "", "");
            case "stands" -> new Notice(messages.stands(), "", "");
            default -> null;
        };
    }

    private @Nullable Saved saved(WorkflowView workflow, long said, long me, boolean added) {
        ClassificationView entry = standing(workflow, said, me).orElse(null);
        if (entry == null) {
            return null;
        }
        String name = candidates.find(entry.candidateId()).objectId();
        Truth truth = goldFeedback.on(entry.id(), me).gold();
        return new Saved(
                Long.toString(entry.id()),
                UUID.randomUUID().toString(),
                Long.toString(entry.candidateId()),
                name,
                frames.plain().saved(label(workflow, entry), name)
                        + (added ? " " + frames.plain().added() : ""),
                truth);
    }

    private String label(WorkflowView workflow, ClassificationView entry) {
        WorkflowView shown = frames.in(workflow);
        String key = "" + entry.answer();
        OptionalInt answer = shown.answerOf(key);
        return answer.isEmpty() ? key : shown.answers().get(answer.getAsInt()).label();
    }

    private PlainTasks form(ClassificationView answered, MultivaluedMap<String, String> sent) {
        return new PlainTasks(
                asked(answered)
                        .map(frames::in)
                        .map(asked -> tasks(asked, answered))
                        .orElse(List.of()),
                sent,
                "/api/v1/candidates/" + answered.candidateId() + "/cutouts/science.png",
                candidates.cutouts(answered.candidateId()).science());
    }

    /** The version that was answered: tasks may have changed since. */
    private Optional<WorkflowView> asked(ClassificationView answered) {
        return workflows.version(answered.workflowId(), answered.workflowVersion());
    }

    private static List<Task> tasks(WorkflowView asked, ClassificationView answered) {
        return asked.asks().after("" + answered.answer());
    }

    private Tongues tongues(WorkflowView workflow, ClassificationView answered) {
        Set<String> originals = new HashSet<>();
        for (Task task : asked(answered).map(asked -> tasks(asked, answered)).orElse(List.of())) {
            originals.add(task.question());
            originals.add(task.help());
            task.options().forEach(option -> {
                originals.add(option.label());
                originals.add(option.help());
            });
        }
        return new Tongues(frames.words().language(), workflow.language(), originals);
    }

    private Response more(int status, ProjectView project, ClassificationView answered, PlainTasks form, String wrong) {
        WorkflowView workflow = workflows.asked(project);
        List<PlainTasks.Field> fields = form.fields(wrong, frames.plain());
        if (fields.isEmpty()) {
            return to(project.slug(), "?said=" + answered.id());
        }
        Shown shown = shown(answered.candidateId(), "");
        String words = frames.plain().tasksSaved(label(workflow, answered), shown.name());
        return page(
                status,
                Templates.plainTasks(
                        frame(project),
                        frames.in(project),
                        new More(
                                Long.toString(answered.id()),
                                words,
                                !wrong.isEmpty(),
                                shown,
                                fields,
                                tongues(workflow, answered))));
    }

    private static Response to(String slug, String where) {
        return Response.seeOther(URI.create("/projects/" + slug + "/classify/plain" + where))
                .build();
    }

    /** Never from a cache: the way back shows what is to be answered now, not a form that was sent. */
    private static Response page(int status, TemplateInstance page) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(page.render())
                .build();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance plainBegin(
                Frame frame,
                ProjectView project,
                WorkflowView workflow,
                WorkflowView original,
                boolean noCookie,
                boolean tutorial);

        static native TemplateInstance plainClassify(
                Frame frame, ProjectView project, WorkflowView workflow, WorkflowView original, View view);

        static native TemplateInstance plainTasks(Frame frame, ProjectView project, More more);

        private Templates() {}
    }
}
