package org.skysieve.web;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.learning.GoldFeedback;
import org.skysieve.learning.TutorialsSeen;
import org.skysieve.platform.Language;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** The classify page. The page itself holds no candidate: the script leases a batch and keeps a few ready. */
@Path("/projects/{slug}/classify")
@Blocking
@Produces(MediaType.TEXT_HTML)
class ClassifyPages {
    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final GoldFeedback goldFeedback;
    private final FieldGuides guides;
    private final TutorialsSeen tutorials;
    private final CurrentVolunteer volunteer;
    private final ScriptTexts texts;
    private final ObjectMapper json;

    ClassifyPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            GoldFeedback goldFeedback,
            FieldGuides guides,
            TutorialsSeen tutorials,
            CurrentVolunteer volunteer,
            ScriptTexts texts,
            ObjectMapper json) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.goldFeedback = goldFeedback;
        this.guides = guides;
        this.tutorials = tutorials;
        this.volunteer = volunteer;
        this.texts = texts;
        this.json = json;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance classify(@RestPath String slug, @RestQuery @Nullable String feed) {
        ProjectView project = frames.in(projects.bySlug(slug));
        WorkflowView original = workflows.asked(project);
        WorkflowView workflow = frames.in(original);
        // A page view makes no guest: robots read pages. The first lease does.
        OptionalLong known = volunteer.idIfKnown();
        String owner = known.isPresent() ? Long.toString(known.getAsLong()) : "";
        return Templates.classify(
                frames.frame(frames.words().classify().title(project.title()), "classify", project.credit()),
                project,
                workflow,
                original,
                owner,
                "showcase".equals(feed) ? "showcase" : "teaching",
                texts.of(frames.words().language()),
                definition(workflow, original),
                goldFeedback.awaits(workflow, known),
                guides.hasTutorial(workflow.id()),
                seen(workflow));
    }

    /** Whether the account has seen the tutorial; empty for guests, of whom their browser knows. */
    private String seen(WorkflowView workflow) {
        return volunteer.isGuest() ? "" : Boolean.toString(tutorials.seen(workflow.id(), volunteer.id()));
    }

    /**
     * The texts of tasks that are shown as they were written, because nobody has translated them.
     *
     * @param lang what they are written in, with its direction
     */
    record Foreign(String lang, String dir, Set<String> texts) {
        static Foreign of(WorkflowView shown, WorkflowView original, Language page) {
            Set<String> texts = new TreeSet<>();
            if (!original.language().equals(page.tag())) {
                texts.addAll(words(original));
                texts.retainAll(words(shown));
                texts.remove("");
            }
            return new Foreign(original.language(), Language.directionOf(original.language()), texts);
        }

        private static List<String> words(WorkflowView workflow) {
            return workflow.asks().tasks().stream()
                    .flatMap(task -> Stream.concat(
                            Stream.of(task.question(), task.help()),
                            task.options().stream().map(AnswerOption::label)))
                    .toList();
        }
    }

    /** What the script needs of a workflow, as JSON that may stand in a script element. */
    private String definition(WorkflowView workflow, WorkflowView original) {
        record Answer(String key, String label) {}
        try {
            return json.writeValueAsString(Map.of(
                            "answers",
                            workflow.answers().stream()
                                    .map(answer -> new Answer(answer.key(), answer.label()))
                                    .toList(),
                            "tasks",
                            workflow.asks().tasks(),
                            "foreign",
                            Foreign.of(workflow, original, frames.words().language())))
                    .replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("workflow " + workflow.id() + " as JSON", e);
        }
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance classify(
                Frame frame,
                ProjectView project,
                WorkflowView workflow,
                WorkflowView original,
                String volunteer,
                String feed,
                String texts,
                String definition,
                boolean newcomer,
                boolean tutorial,
                String seen);

        private Templates() {}
    }
}
