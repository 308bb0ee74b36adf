package org.skysieve.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Original;
import org.skysieve.project.ProjectTranslation;
import org.skysieve.project.ProjectTranslation.OfAnswer;
import org.skysieve.project.ProjectTranslation.OfWorkflow;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Translations;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.talk.Board;
import org.skysieve.talk.Discussions;

/** The texts of a project in other languages, for its moderators. A plain form without JavaScript. */
@Path("/projects/{slug}/translations")
@Blocking
@Produces(MediaType.TEXT_HTML)
class TranslationPages {
    /**
     * One text.
     *
     * @param name of the form's field, and its id
     * @param original what is shown without a translation; may be empty
     * @param most characters
     * @param tall whether it may run over lines
     */
    public record Field(String name, String label, String original, String text, int most, boolean tall) {
        /** The field that sends the original along, where that is what it is known by; else empty. */
        public String pair() {
            return name.matches("(.*\\.)?text\\.\\d+") ? name.replaceFirst("text\\.(\\d+)$", "original.$1") : "";
        }
    }

    /** Texts under one heading. */
    public record Group(String title, List<Field> fields) {}

    /** A language to translate into. */
    public record Choice(Language language, String link, boolean chosen) {}

    /**
     * Everything on the page.
     *
     * @param ownDirection of the originals
     * @param saved whether the form has just been saved
     */
    public record Page(
            Language language, List<Choice> choices, List<Group> groups, String ownDirection, boolean saved) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Translations translations;
    private final Discussions discussions;
    private final CurrentVolunteer volunteer;

    TranslationPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Translations translations,
            Discussions discussions,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.translations = translations;
        this.discussions = discussions;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance translations(
            @RestPath String slug, @RestQuery @Nullable String into, @RestQuery @Nullable String saved) {
        volunteer.require(Role.MODERATOR);
        ProjectView project = projects.bySlug(slug);
        Language language = into(project, into);
        ProjectTranslation texts = translations.find(project.id(), language).orElse(ProjectTranslation.NONE);
        List<Choice> choices = Arrays.stream(Language.values())
                .filter(each -> !Translations.isOwn(each, project.language()))
                .map(each ->
                        new Choice(each, "/projects/" + slug + "/translations?into=" + each.tag(), each == language))
                .toList();
        return Templates.translations(
                frames.frame("Translations: " + project.title(), "translations", project.credit()),
                project,
                new Page(
                        language,
                        choices,
                        groups(project, texts),
                        Language.directionOf(project.language()),
                        saved != null));
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response save(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.MODERATOR);
        ProjectView project = projects.bySlug(slug);
        Language language = into(project, sent.getFirst("into"));
        Map<String, OfWorkflow> questions = new TreeMap<>();
        for (WorkflowView workflow : workflows.ofProject(project.id())) {
            String at = workflow.slug() + ".";
            Map<String, OfAnswer> answers = new TreeMap<>();
            for (AnswerOption answer : workflow.answers()) {
                String here = at + answer.key();
                answers.put(answer.key(), new OfAnswer(sent.getFirst(here + ".label"), sent.getFirst(here + ".help")));
            }
            questions.put(
                    workflow.slug(),
                    new OfWorkflow(
                            sent.getFirst(at + "title"), sent.getFirst(at + "question"), answers, pairs(sent, at)));
        }
        translations.write(
                project,
                language,
                new ProjectTranslation(
                        sent.getFirst("title"),
                        sent.getFirst("tagline"),
                        sent.getFirst("description"),
                        sent.getFirst("credit"),
                        questions,
                        pairs(sent, "")));
        return Response.seeOther(
                        URI.create("/projects/" + slug + "/translations?into=" + language.tag() + "&saved=yes"))
                .build();
    }

    /** Translations by original: the form sends both, since the original may have changed meanwhile. */
    private static Map<String, String> pairs(MultivaluedMap<String, String> sent, String at) {
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; sent.containsKey(at + "text." + i); i++) {
            String original = sent.getFirst(at + "original." + i);
            String words = sent.getFirst(at + "text." + i);
            if (original != null && words != null) {
                // Browsers send lines with CR LF.
                texts.put(original.replace("\r\n", "\n"), words.replace("\r\n", "\n"));
            }
        }
        return texts;
    }

    /** The first that is not the project's own, unless one is named. */
    private static Language into(ProjectView project, @Nullable String tag) {
        List<Language> others = Arrays.stream(Language.values())
                .filter(each -> !Translations.isOwn(each, project.language()))
                .toList();
        return tag == null
                ? others.get(0)
                : Language.of(tag)
                        .filter(others::contains)
                        .orElseThrow(() -> Problem.badField(
                                "into",
                                "got \"" + tag + "\", need one of "
                                        + others.stream().map(Language::tag).toList()));
    }

    private List<Group> groups(ProjectView project, ProjectTranslation texts) {
        List<Group> groups = new ArrayList<>();
        groups.add(new Group(
                "The project",
                List.of(
                        new Field("title", "Title", project.title(), texts.title(), 120, false),
                        new Field("tagline", "Tagline", project.tagline(), texts.tagline(), 300, false),
                        new Field(
                                "description", "Description", project.description(), texts.description(), 20_000, true),
                        new Field("credit", "Credit", project.credit(), texts.credit(), 2_000, false))));
        for (WorkflowView workflow : workflows.ofProject(project.id())) {
            OfWorkflow words = texts.workflows().getOrDefault(workflow.slug(), OfWorkflow.NONE);
            String at = workflow.slug() + ".";
            List<Field> fields = new ArrayList<>();
            fields.add(new Field(at + "title", "Title", workflow.title(), words.title(), 120, false));
            fields.add(new Field(at + "question", "Question", workflow.question(), words.question(), 500, false));
            for (AnswerOption answer : workflow.answers()) {
                OfAnswer its = words.answers().getOrDefault(answer.key(), OfAnswer.NONE);
                String here = at + answer.key();
                fields.add(
                        new Field(here + ".label", "Answer " + answer.key(), answer.label(), its.label(), 120, false));
                fields.add(new Field(
                        here + ".help", "What tells " + answer.key(), answer.help(), its.help(), 1_000, true));
            }
            groups.add(new Group(workflow.title(), fields));
            groups.add(group(
                    workflow.title() + ": tasks, tree, guide, tutorial",
                    at,
                    translations.originals(workflow),
                    words.texts()));
        }
        List<Original> boards = new ArrayList<>();
        for (Board board : discussions.boards(project.id())) {
            boards.add(new Original("Board " + board.slug(), board.title(), 140, false));
            boards.add(new Original("Board " + board.slug() + ": about", board.about(), 500, false));
        }
        groups.add(group("Talk", "", boards, texts.texts()));
        return groups.stream().filter(group -> !group.fields().isEmpty()).toList();
    }

    private static Group group(String title, String at, List<Original> originals, Map<String, String> texts) {
        List<Field> fields = new ArrayList<>();
        for (Original one : originals) {
            if (!one.text().isEmpty()) {
                fields.add(new Field(
                        at + "text." + fields.size(),
                        one.place(),
                        one.text(),
                        ProjectTranslation.wordsFor(one.text(), texts),
                        one.most(),
                        one.tall()));
            }
        }
        return new Group(title, fields);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance translations(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
