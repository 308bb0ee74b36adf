package org.skysieve.consensus;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate's consensus came to be.
 *
 * @param steps in the order of the log
 * @param explanation of the present posterior; null when no vote and no gold standard stands
 */
public record Trace(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        String outcome,
        int answer,
        @Nullable String retireReason,
        List<Step> steps,
        @Nullable Why explanation) {
    public Trace {
        steps = List.copyOf(steps);
    }

    /**
     * @param position in the order of everything that moved this workflow's consensus
     * @param kind {@code vote}, {@code edit}, {@code undo}, {@code gold} or {@code refit}
     * @param volunteer a pseudonym, the same as in exports; null for gold and refits
     * @param answer the class answered, or null
     * @param before combined posterior before; null at the first step
     * @param combined combined posterior after
     * @param crowd posterior of the votes alone after
     * @param note why it retired, re-opened or was skipped; may be empty
     */
    public record Step(
            long position,
            String kind,
            Instant at,
            @Nullable String volunteer,
            @Nullable Integer answer,
            @Nullable List<Double> before,
            List<Double> combined,
            List<Double> crowd,
            String note) {}

    /**
     * The sum behind the posterior, in natural logarithms, one number a class:
     * {@code combined = softmax(prior + sum of votes / voteTemperature + model / modelTemperature)}.
     *
     * @param gold the known class, which overrides the sum, or null
     */
    public record Why(
            List<Double> prior,
            List<VoteTerm> votes,
            List<Double> model,
            double voteTemperature,
            double modelTemperature,
            @Nullable Integer gold) {}

    /** ln P(this answer | class, this volunteer). */
    public record VoteTerm(String volunteer, int answer, List<Double> logLikelihood) {}
}
