package org.skysieve.project;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * A candidate that shows what a class looks like; everybody may see it.
 *
 * @param caption what to look at, at most 300 characters; may be empty
 */
public record GuideExample(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId, String caption) {}
