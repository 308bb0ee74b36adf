package org.skysieve.talk;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * Somebody mentioned or answered a volunteer.
 *
 * @param cause "mention" or "reply"
 * @param project the project's slug
 */
public record Notice(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        String cause,
        String project,
        boolean read,
        CommentView comment) {}
