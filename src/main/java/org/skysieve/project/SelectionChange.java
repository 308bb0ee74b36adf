package org.skysieve.project;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Other rules of selection for a workflow: what is previewed, and what is saved. Null leaves a value as it is. */
public record SelectionChange(
        @Nullable List<RankedStrategy> mix,
        @Nullable ServingRules serving,
        @Nullable Double goldShare,
        @Nullable Double explorationShare,
        @Nullable Double varietyShare) {
    public SelectionChange {
        mix = mix == null ? null : List.copyOf(mix);
    }

    /** @throws IllegalArgumentException for a value out of range, with the field's name */
    Rules of(Rules now) {
        return new Rules(
                now.retireAt(),
                now.minVotes(),
                now.maxVotes(),
                now.ambiguousBelow(),
                explorationShare == null ? now.explorationShare() : explorationShare,
                goldShare == null ? now.goldShare() : goldShare,
                now.retrainEvery(),
                now.evaluationShare(),
                now.promoteAt(),
                now.leaseMinutes(),
                now.retirePositiveAt(),
                varietyShare == null ? now.varietyShare() : varietyShare,
                now.retirement(),
                now.retrainOnDrift(),
                now.modelKind(),
                mix == null ? now.mix() : mix,
                serving == null ? now.serving() : serving);
    }
}
