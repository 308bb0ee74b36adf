package org.skysieve.model;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * A message on the channel {@code consensus-labels}: what is known now of one candidate. Later messages replace earlier
 * ones of the same candidate, except that a crowd's label never replaces a gold standard.
 *
 * @param target class distribution: the crowd's posterior from votes alone (a model must not learn from itself), or
 *     one-hot for a gold standard; empty if {@code withdrawn}
 * @param source {@code crowd} or {@code gold}
 * @param withdrawn the candidate is open again: its crowd label no longer holds
 */
public record ConsensusLabel(long workflowId, long candidateId, List<Double> target, String source, boolean withdrawn) {
    static final String CROWD = "crowd";
    static final String GOLD = "gold";

    public ConsensusLabel {
        target = List.copyOf(target);
    }

    /** From JSON, where a field may be missing. */
    @JsonCreator
    static ConsensusLabel of(
            long workflowId,
            long candidateId,
            @Nullable List<Double> target,
            @Nullable String source,
            boolean withdrawn) {
        return new ConsensusLabel(
                workflowId, candidateId, target == null ? List.of() : target, source == null ? "" : source, withdrawn);
    }
}
