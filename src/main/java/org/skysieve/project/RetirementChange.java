package org.skysieve.project;

import org.jspecify.annotations.Nullable;

/**
 * Other rules of retirement for a workflow: what is rehearsed, and what is saved. Null leaves a value as it is; but
 * {@code retireAt} or {@code retirePositiveAt} without {@code retirement} asks for those thresholds and no others.
 */
public record RetirementChange(
        @Nullable Double retireAt,
        @Nullable Double retirePositiveAt,
        @Nullable Integer minVotes,
        @Nullable Integer maxVotes,
        @Nullable Double ambiguousBelow,
        @Nullable Retirement retirement) {
    /** The change that makes any rules retire as these do. */
    public static RetirementChange to(Rules rules) {
        return new RetirementChange(
                rules.retireAt(),
                rules.retirePositiveAt(),
                rules.minVotes(),
                rules.maxVotes(),
                rules.ambiguousBelow(),
                rules.retirement());
    }

    /** @throws IllegalArgumentException for a value out of range, with the field's name */
    Rules of(Rules now) {
        boolean thresholds = retireAt != null || retirePositiveAt != null;
        Double positive = retirePositiveAt == null ? retireAt : retirePositiveAt;
        return new Rules(
                retireAt == null ? now.retireAt() : retireAt,
                minVotes == null ? now.minVotes() : minVotes,
                maxVotes == null ? now.maxVotes() : maxVotes,
                ambiguousBelow == null ? now.ambiguousBelow() : ambiguousBelow,
                now.explorationShare(),
                now.goldShare(),
                now.retrainEvery(),
                now.evaluationShare(),
                now.promoteAt(),
                now.leaseMinutes(),
                positive == null ? now.retirePositiveAt() : positive,
                now.varietyShare(),
                retirement != null ? retirement : thresholds ? Retirement.USUAL : now.retirement(),
                now.retrainOnDrift(),
                now.modelKind(),
                now.mix(),
                now.serving());
    }
}
