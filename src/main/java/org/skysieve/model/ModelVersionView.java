package org.skysieve.model;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One version of a workflow's model.
 *
 * @param state {@code champion}, {@code rejected}, {@code former} or {@code waiting} (uploaded, its trial is still to come)
 * @param origin {@code trained}, {@code built in} or {@code uploaded}
 * @param reason why it was promoted or not, in words
 * @param provenance what it was trained on, by which code, with which seed
 * @param recipe what it was made of, to make it again; null if it was not trained here, or before recipes were kept
 * @param bytes size of the stored model
 * @param promotedAt null if it never was
 */
public record ModelVersionView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        int version,
        String state,
        String origin,
        String reason,
        ModelMetrics metrics,
        JsonNode provenance,
        @Nullable ModelRecipe recipe,
        int bytes,
        Instant createdAt,
        @Nullable Instant promotedAt) {}
