package org.skysieve.consensus;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a candidate in a workflow.
 *
 * @param votes standing votes
 * @param crowd calibrated posterior from the votes alone; sums to 1
 * @param combined calibrated posterior with the model as one more annotator; sums to 1
 * @param outcome {@code open}, {@code retired} or {@code ambiguous}
 * @param answer the leading class of {@code combined}; of {@code crowd} for the frozen evaluation sample, whose labels no
 *     model may sway
 */
public record ConsensusView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        int votes,
        List<Double> crowd,
        List<Double> combined,
        String outcome,
        int answer,
        @Nullable String retireReason,
        @Nullable Instant retiredAt,
        Instant updatedAt) {
    public ConsensusView {
        crowd = List.copyOf(crowd);
        combined = List.copyOf(combined);
    }
}
