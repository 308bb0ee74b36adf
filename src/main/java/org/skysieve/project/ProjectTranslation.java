package org.skysieve.project;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The texts of a project in another language. An empty text is one that is not translated: the original stands for it.
 *
 * @param workflows by slug
 */
public record ProjectTranslation(
        String title, String tagline, String description, String credit, Map<String, OfWorkflow> workflows) {
    public static final ProjectTranslation NONE = new ProjectTranslation("", "", "", "", Map.of());

    /** @param answers by key */
    public record OfWorkflow(String title, String question, Map<String, OfAnswer> answers) {
        public static final OfWorkflow NONE = new OfWorkflow("", "", Map.of());

        public OfWorkflow(@Nullable String title, @Nullable String question, @Nullable Map<String, OfAnswer> answers) {
            this.title = text(title);
            this.question = text(question);
            this.answers = answers == null ? Map.of() : new TreeMap<>(answers);
        }
    }

    public record OfAnswer(String label, String help) {
        public static final OfAnswer NONE = new OfAnswer("", "");

        public OfAnswer(@Nullable String label, @Nullable String help) {
            this.label = text(label);
            this.help = text(help);
        }
    }

    public ProjectTranslation(
            @Nullable String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit,
            @Nullable Map<String, OfWorkflow> workflows) {
        this.title = text(title);
        this.tagline = text(tagline);
        this.description = text(description);
        this.credit = text(credit);
        this.workflows = workflows == null ? Map.of() : new TreeMap<>(workflows);
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
                original.asks(),
                original.language());
    }

    private static String or(String translated, String original) {
        return translated.isEmpty() ? original : translated;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
