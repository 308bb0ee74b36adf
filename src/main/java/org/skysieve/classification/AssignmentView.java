package org.skysieve.classification;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Who was served what, by which strategy and with which probability; the fields are those of {@link NewAssignment}.
 *
 * <pre>
 *   open ---- answer ----&gt; answered ---- withdraw ----&gt; open
 *   open ---- skip ------&gt; skipped
 *   open ---- release ---&gt; released
 *   skipped, released ---- answer ----&gt; answered     (an answer that comes late still counts)
 * </pre>
 *
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
