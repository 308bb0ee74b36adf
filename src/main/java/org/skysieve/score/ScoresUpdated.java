package org.skysieve.score;

import java.util.List;

/** Event: these candidates have new scores by that model version. */
public record ScoresUpdated(long workflowId, long modelVersionId, List<Long> candidateIds) {
    public ScoresUpdated {
        candidateIds = List.copyOf(candidateIds);
    }
}
