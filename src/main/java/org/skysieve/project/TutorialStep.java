package org.skysieve.project;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * A step of the tutorial.
 *
 * @param text Markdown, at most 3,000 characters
 * @param candidateId a candidate whose images go with it, or null
 */
public record TutorialStep(
        String title,
        String text,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long candidateId) {}
