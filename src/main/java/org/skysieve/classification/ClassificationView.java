package org.skysieve.classification;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log as its author sees it: without what the model said.
 *
 * @param answer key of the answer, or null for a withdrawal
 */
public record ClassificationView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        UUID clientId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        int workflowVersion,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long volunteerId,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long assignmentId,

        @Nullable String answer,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long supersedes,

        @Nullable Integer elapsedMs,
        Instant createdAt) {}
