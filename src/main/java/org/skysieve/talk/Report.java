package org.skysieve.talk;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;

/** What somebody finds wrong with a comment, waiting for a moderator; the comment is shown as it is. */
public record Report(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        String by,
        String reason,
        Instant at,
        CommentView comment) {}
