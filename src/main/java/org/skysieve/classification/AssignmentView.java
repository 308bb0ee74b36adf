package org.skysieve.classification;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Who was served what, by which strategy and with which probability.
 *
 * <pre>
 *   open ---- answer ----&gt; answered ---- withdraw ----&gt; open
 *   open ---- skip ------&gt; skipped
 *   open ---- release ---&gt; released
 *   skipped, released ---- answer ----&gt; answered     (an answer that comes late still counts)
 * </pre>
 *
 * @param strategy what chose it: "uncertainty", "exploration", "gold", ...
 * @param priority the finite number by which the strategy ranked it
 * @param probability the probability with which it was chosen, in (0, 1]: what Horvitz-Thompson estimates divide by
 * @param modelProbabilities what the model said about it then, one for each answer, or null; frozen as evidence
 * @param leaseUntil until then the candidate is held for this volunteer; an answer that comes later still counts
 * @param state "open", "answered", "skipped" or "released"
 */
public record AssignmentView(
        long id,
        long workflowId,
        long candidateId,
        long volunteerId,
        String strategy,
        float priority,
        double probability,
        @Nullable Long modelVersionId,
        float @Nullable [] modelProbabilities,
        Instant servedAt,
        Instant leaseUntil,
        String state) {

    // Written out: of a compact constructor's array parameter NullAway sometimes forgets that it may be null.
    public AssignmentView(
            long id,
            long workflowId,
            long candidateId,
            long volunteerId,
            String strategy,
            float priority,
            double probability,
            @Nullable Long modelVersionId,
            float @Nullable [] modelProbabilities,
            Instant servedAt,
            Instant leaseUntil,
            String state) {
        this.modelProbabilities = modelProbabilities == null ? null : modelProbabilities.clone();
        this.id = id;
        this.workflowId = workflowId;
        this.candidateId = candidateId;
        this.volunteerId = volunteerId;
        this.strategy = strategy;
        this.priority = priority;
        this.probability = probability;
        this.modelVersionId = modelVersionId;
        this.servedAt = servedAt;
        this.leaseUntil = leaseUntil;
        this.state = state;
    }

    @Override
    public float @Nullable [] modelProbabilities() {
        return modelProbabilities == null ? null : modelProbabilities.clone();
    }
}
