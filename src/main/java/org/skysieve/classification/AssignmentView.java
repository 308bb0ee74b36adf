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

    public AssignmentView {
        modelProbabilities = modelProbabilities == null ? null : modelProbabilities.clone();
    }

    @Override
    public float @Nullable [] modelProbabilities() {
        return modelProbabilities == null ? null : modelProbabilities.clone();
    }
}
