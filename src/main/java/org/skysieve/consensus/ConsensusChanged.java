package org.skysieve.consensus;

import java.util.List;

/**
 * Posteriors of a workflow moved.
 *
 * @param changes one for each candidate that moved in this step, the newest state of each
 */
public record ConsensusChanged(long workflowId, List<Change> changes) {
    public ConsensusChanged {
        changes = List.copyOf(changes);
    }

    /**
     * @param votes standing votes, withdrawn ones not counted
     * @param combined calibrated posterior over the classes, the model being one more annotator; sums to 1
     * @param outcome {@code open}, {@code retired} or {@code ambiguous}
     */
    public record Change(long candidateId, int votes, List<Double> combined, String outcome) {
        public Change {
            combined = List.copyOf(combined);
        }
    }
}
