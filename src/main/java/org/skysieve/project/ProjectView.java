package org.skysieve.project;

import com.fasterxml.jackson.annotation.JsonFormat;

/** A project: candidates of one source, and workflows that ask about them. */
public record ProjectView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        String slug,
        String title,
        String tagline,
        String description,
        String credit) {}
