package org.skysieve.candidate;

import java.util.List;

/**
 * Candidates that are new to a project, in the order of their ids.
 */
public record CandidatesAdded(long projectId, List<Long> candidateIds) {
    public CandidatesAdded {
        candidateIds = List.copyOf(candidateIds);
    }
}
