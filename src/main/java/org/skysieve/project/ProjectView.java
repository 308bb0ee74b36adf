package org.skysieve.project;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * A project: candidates of one source, and workflows that ask about them.
 *
 * @param language what its texts are written in, and those of its workflows: a tag such as {@code en}
 */
public record ProjectView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        String slug,
        String title,
        String tagline,
        String description,
        String credit,
        String language) {}
