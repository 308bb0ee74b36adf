package org.skysieve.model;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.project.ModelKind;

/**
 * One training run.
 *
 * @param kind {@code training}, {@code trial} of a version that is there already, or {@code reproduction} of one
 * @param modelKind what a training was asked to make; null for what the workflow's rules say
 * @param cause why it was asked for
 * @param state {@code queued}, {@code running}, {@code promoted}, {@code rejected} or {@code failed}; a reproduction ends as
 *     {@code reproduced} or {@code different}
 * @param labels people's labels that it learned from
 * @param message the outcome in words
 * @param modelVersionId what it made, tried or made again; null if nothing
 */
public record TrainingRunView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        String kind,
        @Nullable ModelKind modelKind,
        String cause,
        String state,
        int labels,
        String message,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long modelVersionId,

        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
