package org.skysieve.classification;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One entry of the classification log: one volunteer's answer, edit or withdrawal. It never changes once written, so
 * whatever is derived from it alone can be derived again, to the same numbers.
 *
 * @param workflowVersion the version of the question that was current when the answer came in
 * @param guest whether the volunteer was a guest then; stays true when the guest later signs up
 * @param answer index into the workflow's answers, or null when this entry withdraws the one it supersedes
 * @param supersedes the entry of the same person and candidate that this one replaces, or null for a first answer;
 *     it always stands earlier in the log
 * @param modelProbabilities what the model said when the candidate was served, one for each answer, or null when no
 *     model had scored it
 * @param snr signal-to-noise ratio of the detection; NaN when not measured
 * @param elapsedMs from shown to answered, as the client measured it, or null
 * @param informed whether its author had been shown the truth of this candidate before: then it is evidence of nothing
 */
public record ClassificationRecorded(
        LogPosition position,
        long id,
        long workflowId,
        int workflowVersion,
        long candidateId,
        long volunteerId,
        boolean guest,
        @Nullable Integer answer,
        @Nullable Long supersedes,
        float @Nullable [] modelProbabilities,
        @Nullable Long modelVersionId,
        float snr,
        Instant createdAt,
        @Nullable Integer elapsedMs,
        boolean informed) {

    // Written out: of a compact constructor's array parameter NullAway sometimes forgets that it may be null.
    public ClassificationRecorded(
            LogPosition position,
            long id,
            long workflowId,
            int workflowVersion,
            long candidateId,
            long volunteerId,
            boolean guest,
            @Nullable Integer answer,
            @Nullable Long supersedes,
            float @Nullable [] modelProbabilities,
            @Nullable Long modelVersionId,
            float snr,
            Instant createdAt,
            @Nullable Integer elapsedMs,
            boolean informed) {
        Objects.requireNonNull(position);
        Objects.requireNonNull(createdAt);
        this.modelProbabilities = modelProbabilities == null ? null : modelProbabilities.clone();
        if (answer == null && supersedes == null) {
            throw new IllegalArgumentException(
                    "classification " + id + ": got neither an answer nor an entry to withdraw, need one");
        }
        this.position = position;
        this.id = id;
        this.workflowId = workflowId;
        this.workflowVersion = workflowVersion;
        this.candidateId = candidateId;
        this.volunteerId = volunteerId;
        this.guest = guest;
        this.answer = answer;
        this.supersedes = supersedes;
        this.modelVersionId = modelVersionId;
        this.snr = snr;
        this.createdAt = createdAt;
        this.elapsedMs = elapsedMs;
        this.informed = informed;
    }

    /** Whether this entry takes the volunteer's earlier answer back and gives no new one. */
    public boolean withdraws() {
        return answer == null;
    }

    @Override
    public float @Nullable [] modelProbabilities() {
        return modelProbabilities == null ? null : modelProbabilities.clone();
    }
}
