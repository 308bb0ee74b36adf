package org.skysieve.classification;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A candidate about to be served to a volunteer.
 *
 * @param strategy what chose it: "uncertainty", "exploration", "gold", ...
 * @param priority the finite number by which the strategy ranked it
 * @param probability the probability with which it was chosen, in (0, 1]: what Horvitz-Thompson estimates divide by
 * @param modelProbabilities what the model says about it now, one for each answer, or null; frozen as evidence
 * @param leaseUntil until then the candidate is held for this volunteer; an answer that comes later still counts
 */
public record NewAssignment(
        long workflowId,
        long candidateId,
        long volunteerId,
        String strategy,
        float priority,
        double probability,
        @Nullable Long modelVersionId,
        float @Nullable [] modelProbabilities,
        Instant servedAt,
        Instant leaseUntil) {

    public NewAssignment {
        Objects.requireNonNull(strategy);
        Objects.requireNonNull(servedAt);
        Objects.requireNonNull(leaseUntil);
        if (!Float.isFinite(priority)) {
            throw new IllegalArgumentException("assignment: got priority " + priority + ", need a finite number");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("assignment: got probability " + probability + ", need one in (0, 1]");
        }
        modelProbabilities = modelProbabilities == null ? null : modelProbabilities.clone();
    }

    @Override
    public float @Nullable [] modelProbabilities() {
        return modelProbabilities == null ? null : modelProbabilities.clone();
    }
}
