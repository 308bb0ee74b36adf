package org.skysieve.classification;

import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An answer, an edit or a withdrawal as it comes in.
 *
 * @param clientId made by the client, once for each act of the volunteer; a retry sends it again
 * @param assignmentId what the answer is for, or null: volunteer, workflow and candidate already say it
 * @param answer index into the workflow's answers, or null to withdraw the entry that it supersedes
 * @param supersedes the volunteer's standing entry that this one replaces, or null for a first answer
 * @param elapsedMs from shown to answered, not negative, or null when not measured
 */
public record NewClassification(
        UUID clientId,
        long workflowId,
        long candidateId,
        @Nullable Long assignmentId,
        @Nullable Integer answer,
        @Nullable Long supersedes,
        @Nullable Integer elapsedMs) {

    public NewClassification {
        Objects.requireNonNull(clientId);
        if (answer == null && supersedes == null) {
            throw new IllegalArgumentException(
                    "classification: got neither an answer nor an entry to withdraw, need one");
        }
        if (elapsedMs != null && elapsedMs < 0) {
            throw new IllegalArgumentException("elapsedMs: got " + elapsedMs + ", need 0 or more");
        }
    }

    NewClassification superseding(long entry) {
        return new NewClassification(clientId, workflowId, candidateId, assignmentId, answer, entry, elapsedMs);
    }
}
