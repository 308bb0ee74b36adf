package org.skysieve.consensus;

import java.util.List;

/**
 * A candidate got its consensus label, or lost it again.
 *
 * @param answer the leading class
 * @param crowd calibrated posterior from the votes alone: what trains
 * @param outcome {@code retired} or {@code ambiguous}; {@code open} if an undo re-opened the candidate
 */
public record CandidateRetired(long workflowId, long candidateId, int answer, List<Double> crowd, String outcome) {
    public CandidateRetired {
        crowd = List.copyOf(crowd);
    }
}
