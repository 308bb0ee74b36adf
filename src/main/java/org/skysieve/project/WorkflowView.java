package org.skysieve.project;

import java.util.List;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * A question in one of its versions.
 *
 * @param answers by class; class 0 is the positive one of metrics ("real")
 * @param asks what is asked beyond the answers
 * @param language what its texts are written in: the project's
 */
public record WorkflowView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long projectId,
        String projectSlug,
        String slug,
        String title,
        int version,
        String question,
        List<AnswerOption> answers,
        Rules rules,
        boolean active,
        Asks asks,
        String language) {
    public WorkflowView {
        answers = List.copyOf(answers);
    }

    public int classes() {
        return answers.size();
    }

    /** The class of an answer key. */
    public OptionalInt answerOf(String key) {
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).key().equals(key)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}
