package org.skysieve.talk;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * A discussion, without its comments.
 *
 * @param board the slug of its board; null where it is about a candidate
 * @param candidateId null where it is on a board
 * @param title of the discussion, or the object's name
 * @param comments how many, those that are hidden included
 * @param locked no more comments are taken
 */
public record DiscussionView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long projectId,
        @Nullable String board,

        @Nullable @JsonFormat(shape = JsonFormat.Shape.STRING)
        Long candidateId,

        String title,
        String startedBy,
        Instant startedAt,
        Instant lastAt,
        int comments,
        boolean locked) {}
