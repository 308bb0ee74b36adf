package org.skysieve.model;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One version of a workflow's model.
 *
 * @param state {@code champion}, {@code rejected} or {@code former}
 * @param reason why it was promoted or not, in words
 * @param provenance what it was trained on, by which code, with which seed
 * @param bytes size of the stored model
 * @param promotedAt null if it never was
 */
public record ModelVersionView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        int version,
        String state,
        String reason,
        ModelMetrics metrics,
        JsonNode provenance,
        int bytes,
        Instant createdAt,
        @Nullable Instant promotedAt) {}
