package org.skysieve.web;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
import org.skysieve.account.Role;
import org.skysieve.learning.GuideBook;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.GuideEntry;
import org.skysieve.project.GuideExample;
import org.skysieve.project.Phrases;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.TutorialStep;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.talk.Markdown;

/** The field guide and the tutorial of a project, as pages, as parts of the classify page, and as moderators write them. */
@Path("/projects/{slug}")
@Blocking
@Produces(MediaType.TEXT_HTML)
class GuidePages {
    /** Steps that the form has room for beyond those that are there. */
    private static final int SPARE_STEPS = 2;

    /** A candidate with its images; the caption may be empty. */
    public record Example(String candidateId, String caption, String tongue) {}

    /**
     * A class. What ends in Tongue is the attributes of a text's language, ready.
     *
     * @param html safe
     */
    public record Entry(
            String key,
            String label,
            String labelTongue,
            String help,
            String helpTongue,
            String html,
            String htmlTongue,
            List<Example> examples) {}

    /**
     * A step of the tutorial. What ends in Tongue is the attributes of a text's language, ready.
     *
     * @param html safe
     * @param candidateId empty without one
     * @param place in words: "Step 1 of 5"
     */
    public record Step(
            String title, String titleTongue, String html, String htmlTongue, String candidateId, String place) {}

    /** A class as the form has it: the examples one a line, the candidate's id and the caption. */
    public record Draft(String key, String label, String text, String examples) {}

    /** A step as the form has it. */
    public record StepDraft(String title, String text, String candidateId) {}

    /** The form; {@code done} and {@code wrong} are empty where there is nothing to say. */
    public record Form(List<Draft> drafts, List<StepDraft> steps, String done, String wrong) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final FieldGuides guides;
    private final GuideBook book;
    private final CurrentVolunteer volunteer;

    GuidePages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            FieldGuides guides,
            GuideBook book,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.guides = guides;
        this.book = book;
        this.volunteer = volunteer;
    }

    @GET
    @Path("guide")
    @Operation(hidden = true)
    public TemplateInstance guide(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        WorkflowView original = workflows.asked(project);
        WorkflowView workflow = frames.in(original);
        return Templates.guide(
                frames.frame(frames.world().guideTitle(project.title()), "guide", project.credit()),
                project,
                workflow.question(),
                tongue(workflow.question(), original.question(), original),
                entries(project, original),
                guides.hasTutorial(workflow.id()),
                volunteer.has(Role.MODERATOR));
    }

    /** The guide without the page around, for the classify page's dialog. */
    @GET
    @Path("guide/entries")
    @Operation(hidden = true)
    public TemplateInstance guideEntries(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        return Templates.guideEntries(entries(project, workflows.asked(project)));
    }

    @GET
    @Path("tutorial")
    @Operation(hidden = true)
    public TemplateInstance tutorial(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        return Templates.tutorial(
                frames.frame(frames.world().tutorialTitle(project.title()), "guide", project.credit()),
                project,
                steps(project, workflows.asked(project)));
    }

    /** The steps without the page around, for the classify page's dialog. */
    @GET
    @Path("tutorial/steps")
    @Operation(hidden = true)
    public TemplateInstance tutorialSteps(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        return Templates.tutorialSteps(steps(project, workflows.asked(project)));
    }

    @GET
    @Path("guide/edit")
    @Operation(hidden = true)
    public TemplateInstance edit(
            @RestPath String slug, @RestQuery @Nullable String done, @RestQuery @Nullable String wrong) {
        volunteer.require(Role.MODERATOR);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        List<GuideEntry> entries = guides.of(workflow);
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            GuideEntry entry = entries.get(i);
            String examples = entry.examples().stream()
                    .map(one -> (one.candidateId() + " " + one.caption()).strip())
                    .collect(Collectors.joining("\n"));
            drafts.add(new Draft(entry.answer(), workflow.answers().get(i).label(), entry.text(), examples));
        }
        List<StepDraft> steps = new ArrayList<>();
        for (TutorialStep step : guides.tutorial(workflow.id())) {
            steps.add(new StepDraft(
                    step.title(),
                    step.text(),
                    step.candidateId() == null ? "" : step.candidateId().toString()));
        }
        for (int i = 0; i < SPARE_STEPS && steps.size() < FieldGuides.MOST_STEPS; i++) {
            steps.add(new StepDraft("", "", ""));
        }
        return Templates.guideEdit(
                frames.frame("Write the field guide: " + project.title(), "guide", project.credit()),
                project,
                new Form(drafts, steps, done == null ? "" : "It is saved.", wrong == null ? "" : wrong));
    }

    @POST
    @Path("guide/edit")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response write(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.MODERATOR);
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        try {
            List<GuideEntry> entries = new ArrayList<>();
            for (AnswerOption answer : workflow.answers()) {
                entries.add(new GuideEntry(
                        answer.key(),
                        text(sent, "text." + answer.key()),
                        examples(text(sent, "examples." + answer.key()))));
            }
            book.write(workflow, entries);
        } catch (Problem problem) {
            return back(slug, problem);
        }
        return Response.seeOther(URI.create("/projects/" + slug + "/guide/edit?done=guide"))
                .build();
    }

    @POST
    @Path("tutorial/edit")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response writeTutorial(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.MODERATOR);
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        try {
            List<TutorialStep> steps = new ArrayList<>();
            for (int i = 0; i < FieldGuides.MOST_STEPS; i++) {
                String title = text(sent, "title." + i);
                String body = text(sent, "step." + i);
                String candidate = text(sent, "candidate." + i);
                // A step that was emptied is taken away.
                if (!title.isEmpty() || !body.isEmpty() || !candidate.isEmpty()) {
                    steps.add(new TutorialStep(title, body, candidate.isEmpty() ? null : id(candidate)));
                }
            }
            book.writeTutorial(workflow, steps);
        } catch (Problem problem) {
            return back(slug, problem);
        }
        return Response.seeOther(URI.create("/projects/" + slug + "/guide/edit?done=tutorial"))
                .build();
    }

    private static Response back(String slug, Problem problem) {
        return Response.seeOther(URI.create("/projects/" + slug + "/guide/edit?wrong="
                        + URLEncoder.encode(problem.detail(), StandardCharsets.UTF_8)))
                .build();
    }

    private List<Entry> entries(ProjectView project, WorkflowView original) {
        WorkflowView workflow = frames.in(original);
        List<GuideEntry> written = guides.of(workflow);
        Phrases texts = frames.textsOf(workflow);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            AnswerOption answer = workflow.answers().get(i);
            AnswerOption said = original.answers().get(i);
            GuideEntry entry = written.get(i);
            String text = texts.of(entry.text());
            entries.add(new Entry(
                    answer.key(),
                    answer.label(),
                    tongue(answer.label(), said.label(), original),
                    answer.help(),
                    tongue(answer.help(), said.help(), original),
                    Markdown.html(text, project.slug()),
                    tongue(text, entry.text(), original),
                    entry.examples().stream()
                            .map(one -> example(one, texts.of(one.caption()), original))
                            .toList()));
        }
        return entries;
    }

    private Example example(GuideExample written, String caption, WorkflowView original) {
        return new Example(Long.toString(written.candidateId()), caption, tongue(caption, written.caption(), original));
    }

    /** Attributes of the language that a text of the project is in: its own where it is not translated. */
    private String tongue(String shown, String said, WorkflowView original) {
        return Text.tongue(frames.words().language(), shown, said, original.language());
    }

    private List<Step> steps(ProjectView project, WorkflowView workflow) {
        List<TutorialStep> written = guides.tutorial(workflow.id());
        Phrases texts = frames.textsOf(workflow);
        List<Step> steps = new ArrayList<>();
        for (TutorialStep step : written) {
            String title = texts.of(step.title());
            String text = texts.of(step.text());
            steps.add(new Step(
                    title,
                    tongue(title, step.title(), workflow),
                    Markdown.html(text, project.slug()),
                    tongue(text, step.text(), workflow),
                    step.candidateId() == null ? "" : step.candidateId().toString(),
                    frames.world().stepOf(Integer.toString(steps.size() + 1), Integer.toString(written.size()))));
        }
        return steps;
    }

    /** @throws Problem 400 for a line that does not begin with a candidate's id */
    private static List<GuideExample> examples(String lines) {
        List<GuideExample> examples = new ArrayList<>();
        for (String line : lines.split("\\R")) {
            String stripped = line.strip();
            if (!stripped.isEmpty()) {
                String[] parts = stripped.split("\\s+", 2);
                examples.add(new GuideExample(id(parts[0]), parts.length > 1 ? parts[1] : ""));
            }
        }
        return examples;
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw Problem.badField("candidate", "got \"" + text + "\", need the number of a candidate");
        }
    }

    private static String text(MultivaluedMap<String, String> sent, String field) {
        String value = sent.getFirst(field);
        return value == null ? "" : value.strip();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance guide(
                Frame frame,
                ProjectView project,
                String question,
                String questionTongue,
                List<Entry> entries,
                boolean tutorial,
                boolean mayEdit);

        static native TemplateInstance guideEntries(List<Entry> entries);

        static native TemplateInstance tutorial(Frame frame, ProjectView project, List<Step> steps);

        static native TemplateInstance tutorialSteps(List<Step> steps);

        static native TemplateInstance guideEdit(Frame frame, ProjectView project, Form form);

        private Templates() {}
    }
}
