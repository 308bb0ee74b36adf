package org.skysieve.project;

import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * The door to the texts of projects in other languages. The originals are in the language that the project says. Keys of answers, rules and
 * all that the consensus is made of are the same in every language.
 */
@ApplicationScoped
public class Translations {
    /** Of boards, and of a workflow beside its answers. */
    private static final int MOST_TEXTS = 500;

    private static final int LONGEST_TEXT = 5_000;

    private final Sql sql;
    private final Workflows workflows;
    private final FieldGuides guides;
    private final ObjectMapper json;
    private final Clock clock;

    Translations(Sql sql, Workflows workflows, FieldGuides guides, ObjectMapper json, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.guides = guides;
        this.json = json;
        this.clock = clock;
    }

    public Optional<ProjectTranslation> find(long projectId, Language language) {
        return sql.first(
                        "SELECT texts::text AS texts FROM project_translation WHERE project_id = ? AND language = ?",
                        row -> row.getString("texts"),
                        projectId,
                        language.tag())
                .map(this::read);
    }

    /** All translations of a project. */
    public Map<Language, ProjectTranslation> of(long projectId) {
        Map<Language, ProjectTranslation> all = new EnumMap<>(Language.class);
        sql.query(
                        "SELECT language, texts::text AS texts FROM project_translation WHERE project_id = ?",
                        row -> Map.entry(row.getString("language"), row.getString("texts")),
                        projectId)
                .forEach(row ->
                        Language.of(row.getKey()).ifPresent(language -> all.put(language, read(row.getValue()))));
        return all;
    }

    /** Whether that is what the originals are written in. */
    public static boolean isOwn(Language language, String own) {
        return Language.of(own).filter(language::equals).isPresent();
    }

    /** A project in a language; what is not translated stays as it is. */
    public ProjectView in(Language language, ProjectView project) {
        return isOwn(language, project.language())
                ? project
                : find(project.id(), language).map(texts -> texts.of(project)).orElse(project);
    }

    /** A workflow in a language; what is not translated stays as it is. */
    public WorkflowView in(Language language, WorkflowView workflow) {
        return isOwn(language, workflow.language())
                ? workflow
                : find(workflow.projectId(), language)
                        .map(texts -> texts.of(workflow))
                        .orElse(workflow);
    }

    /** The texts of a workflow that have no key of their own, in the order of the pages; each once. */
    public List<Original> originals(WorkflowView workflow) {
        Map<String, Original> byText = new LinkedHashMap<>();
        Stream.concat(
                        Original.of(workflow.asks()).stream(),
                        Original.of(guides.of(workflow), guides.tutorial(workflow.id())).stream())
                .filter(one -> !one.text().isEmpty())
                .forEach(one -> byText.merge(
                        Phrases.key(one.text()), one, (first, again) -> again.most() < first.most() ? again : first));
        return List.copyOf(byText.values());
    }

    /** What field guide and tutorial of a workflow say in a language. */
    public Phrases words(Language language, WorkflowView workflow) {
        return isOwn(language, workflow.language())
                ? Phrases.NONE
                : find(workflow.projectId(), language)
                        .map(texts -> new Phrases(texts.workflows()
                                .getOrDefault(workflow.slug(), ProjectTranslation.OfWorkflow.NONE)
                                .texts()))
                        .orElse(Phrases.NONE);
    }

    /** What the boards of a project say in a language. */
    public Phrases words(Language language, ProjectView project) {
        return isOwn(language, project.language())
                ? Phrases.NONE
                : find(project.id(), language)
                        .map(texts -> new Phrases(texts.texts()))
                        .orElse(Phrases.NONE);
    }

    /**
     * Writes the texts of a project in a language, all of them.
     *
     * @throws Problem 400 for the project's own language, for a workflow or an answer that the project does not have, or for a text that is
     *     longer than the original may be
     */
    @Transactional
    public void write(ProjectView project, Language language, ProjectTranslation texts) {
        if (isOwn(language, project.language())) {
            throw Problem.badField(
                    "language",
                    "got " + language.tag() + ", need another: the project itself is written in " + project.language());
        }
        check(project, texts);
        try {
            sql.update(
                    "INSERT INTO project_translation (project_id, language, texts, updated_at)"
                            + " VALUES (?, ?, ?::jsonb, ?) ON CONFLICT (project_id, language)"
                            + " DO UPDATE SET texts = EXCLUDED.texts, updated_at = EXCLUDED.updated_at",
                    project.id(),
                    language.tag(),
                    json.writeValueAsString(texts),
                    clock.instant());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a translation of " + project.slug() + " as JSON", e);
        }
    }

    /** Takes the texts of a language away; the original stands for them again. */
    @Transactional
    public void remove(long projectId, Language language) {
        sql.update("DELETE FROM project_translation WHERE project_id = ? AND language = ?", projectId, language.tag());
    }

    private void check(ProjectView project, ProjectTranslation texts) {
        Slug.text("title", texts.title(), 0, 120);
        Slug.text("tagline", texts.tagline(), 0, 300);
        Slug.text("description", texts.description(), 0, 20_000);
        Slug.text("credit", texts.credit(), 0, 2_000);
        checkTexts("texts", texts.texts());
        List<WorkflowView> known = workflows.ofProject(project.id());
        texts.workflows().forEach((slug, words) -> {
            WorkflowView workflow = known.stream()
                    .filter(one -> one.slug().equals(slug))
                    .findFirst()
                    .orElseThrow(() -> Problem.badField(
                            "workflows",
                            "got \"" + slug + "\", need one of "
                                    + known.stream().map(WorkflowView::slug).toList()));
            check(workflow, words);
        });
    }

    private static void checkTexts(String field, Map<String, String> texts) {
        if (texts.size() > MOST_TEXTS) {
            throw Problem.badField(field, "got " + texts.size() + ", need at most " + MOST_TEXTS);
        }
        texts.values().forEach(words -> Slug.text(field, words, 0, LONGEST_TEXT));
    }

    private void check(WorkflowView workflow, ProjectTranslation.OfWorkflow texts) {
        String field = "workflows." + workflow.slug();
        checkTexts(field + ".texts", texts.texts());
        for (Original original : originals(workflow)) {
            String words = texts.texts().getOrDefault(Phrases.key(original.text()), "");
            if (words.length() > original.most()) {
                throw Problem.badField(
                        field + ".texts",
                        "\"" + original.text() + "\": got " + words.length() + " characters, need at most "
                                + original.most());
            }
        }
        Slug.text(field + ".title", texts.title(), 0, 120);
        Slug.text(field + ".question", texts.question(), 0, 500);
        texts.answers().forEach((key, words) -> {
            if (workflow.answerOf(key).isEmpty()) {
                throw Problem.badField(
                        field + ".answers",
                        "got answer key \"" + key + "\", need one of "
                                + workflow.answers().stream()
                                        .map(AnswerOption::key)
                                        .toList());
            }
            Slug.text(field + ".answers." + key + ".label", words.label(), 0, 120);
            Slug.text(field + ".answers." + key + ".help", words.help(), 0, 1_000);
        });
    }

    private ProjectTranslation read(String texts) {
        try {
            return json.readValue(texts, ProjectTranslation.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unreadable translation: " + texts, e);
        }
    }
}
