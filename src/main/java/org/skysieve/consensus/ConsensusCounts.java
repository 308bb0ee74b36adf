package org.skysieve.consensus;

import java.util.List;

/**
 * Where the candidates of a workflow stand. Gold standards are counted apart: they were labelled by nobody's vote.
 *
 * @param open with votes, not retired
 * @param retired by class
 * @param gold candidates whose truth was given
 */
public record ConsensusCounts(long open, List<Long> retired, long ambiguous, long gold) {
    public ConsensusCounts {
        retired = List.copyOf(retired);
    }

    public long retiredTotal() {
        return retired.stream().mapToLong(Long::longValue).sum();
    }
}
