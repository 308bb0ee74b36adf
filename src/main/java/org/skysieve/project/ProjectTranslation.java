package org.skysieve.project;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a project in another language. An empty text is one that is not translated: the original stands for it.
 *
 * @param workflows by slug
 * @param texts of the boards of its talk, by what they say in the original
 */
public record ProjectTranslation(
        String title,
        String tagline,
        String description,
        String credit,
        Map<String, OfWorkflow> workflows,
        Map<String, String> texts) {
    public static final ProjectTranslation NONE = new ProjectTranslation("", "", "", "", Map.of());

    /**
     * @param answers by key
     * @param texts of tasks, decision tree, field guide and tutorial, by what they say in the original
     */
    public record OfWorkflow(String title, String question, Map<String, OfAnswer> answers, Map<String, String> texts) {
        public static final OfWorkflow NONE = new OfWorkflow("", "", Map.of());

        @JsonCreator
        public OfWorkflow(
                @Nullable String title,
                @Nullable String question,
                @Nullable Map<String, OfAnswer> answers,
                @Nullable Map<String, String> texts) {
            this.title = text(title);
            this.question = text(question);
            this.answers = answers == null ? Map.of() : new TreeMap<>(answers);
            this.texts = sorted(texts);
        }

        /** Without texts that have no key. */
        public OfWorkflow(String title, String question, Map<String, OfAnswer> answers) {
            this(title, question, answers, Map.of());
        }
    }

    public record OfAnswer(String label, String help) {
        public static final OfAnswer NONE = new OfAnswer("", "");

        public OfAnswer(@Nullable String label, @Nullable String help) {
            this.label = text(label);
            this.help = text(help);
        }
    }

    @JsonCreator
    public ProjectTranslation(
            @Nullable String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit,
            @Nullable Map<String, OfWorkflow> workflows,
            @Nullable Map<String, String> texts) {
        this.title = text(title);
        this.tagline = text(tagline);
        this.description = text(description);
        this.credit = text(credit);
        this.workflows = workflows == null ? Map.of() : new TreeMap<>(workflows);
        this.texts = sorted(texts);
    }

    /** Without texts of boards. */
    public ProjectTranslation(
            String title, String tagline, String description, String credit, Map<String, OfWorkflow> workflows) {
        this(title, tagline, description, credit, workflows, Map.of());
    }

    private static Map<String, String> sorted(@Nullable Map<String, String> texts) {
        Map<String, String> all = new TreeMap<>();
        if (texts != null) {
            texts.forEach((original, words) -> {
                String said = text(words);
                if (!said.isEmpty()) {
                    all.put(Phrases.key(original), said);
                }
            });
        }
        return all;
    }

    /** What stands for a text of that original; empty where nothing does. */
    public static String wordsFor(String original, Map<String, String> texts) {
        return texts.getOrDefault(Phrases.key(original), "");
    }

    /** The project with what is translated. */
    ProjectView of(ProjectView original) {
        return new ProjectView(
                original.id(),
                original.slug(),
                or(title, original.title()),
                or(tagline, original.tagline()),
                or(description, original.description()),
                or(credit, original.credit()),
                original.language());
    }

    /** The workflow with what is translated; the keys of its answers and all else stay. */
    WorkflowView of(WorkflowView original) {
        OfWorkflow texts = workflows.getOrDefault(original.slug(), OfWorkflow.NONE);
        return new WorkflowView(
                original.id(),
                original.projectId(),
                original.projectSlug(),
                original.slug(),
                or(texts.title, original.title()),
                original.version(),
                or(texts.question, original.question()),
                original.answers().stream()
                        .map(answer -> {
                            OfAnswer words = texts.answers.getOrDefault(answer.key(), OfAnswer.NONE);
                            return new AnswerOption(
                                    answer.key(), or(words.label, answer.label()), or(words.help, answer.help()));
                        })
                        .toList(),
                original.rules(),
                original.active(),
                original.asks().in(new Phrases(texts.texts)),
                original.language());
    }

    private static String or(String translated, String original) {
        return translated.isEmpty() ? original : translated;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
