package org.skysieve.selection;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a workflow stands.
 *
 * @param at when this was counted
 * @param votes that stand: neither superseded nor withdrawn
 * @param volunteers who have voted, guests among them
 * @param votesPerDay in UTC, the newest last, the last 90 days with votes
 * @param evaluation the frozen sample on which the estimates rest
 * @param prevalence share of the positive class (answer 0) among all candidates
 * @param purity share of true positives among the candidates that the consensus calls positive
 * @param completeness share of the true positives that the consensus calls positive
 * @param goldAgreement share of votes on gold standards that agree with them
 * @param groups the same three by class, and for answer 0 by brightness and by season
 */
public record StatisticsView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        Instant at,
        long votes,
        long volunteers,
        List<Day> votesPerDay,
        CandidateCounts candidates,
        EvaluationSample evaluation,
        Estimate prevalence,
        Estimate purity,
        Estimate completeness,
        Estimate goldAgreement,
        List<Group> groups) {
    public StatisticsView {
        votesPerDay = List.copyOf(votesPerDay);
        groups = List.copyOf(groups);
    }

    /**
     * The estimates of a part of the candidates, or of another class.
     *
     * @param kind {@code class}, {@code brightness} or {@code season}
     * @param key of the answer; {@code faint}, {@code medium}, {@code bright} or {@code unknown}; or the month of the
     *     detection, such as {@code 2026-11}
     * @param answer the class that prevalence, purity and completeness are about
     */
    public record Group(
            String kind,
            String key,
            String label,
            String answer,
            Estimate prevalence,
            Estimate purity,
            Estimate completeness) {}

    /** Votes of one day. */
    public record Day(LocalDate day, long votes) {}

    /**
     * Where the candidates are. Gold standards are counted in {@code total} and {@code gold} only.
     *
     * @param retired by answer key
     * @param votesPerRetired mean number of votes of the retired; null without any
     */
    public record CandidateCounts(
            long total,
            long open,
            long gold,
            long ambiguous,
            long retiredTotal,
            Map<String, Long> retired,
            @Nullable Double votesPerRetired) {
        public CandidateCounts {
            retired = Collections.unmodifiableMap(new LinkedHashMap<>(retired));
        }
    }

    /**
     * @param candidates in the frozen sample, without gold standards
     * @param begun of those, with at least one vote
     * @param finished of those, retired or ambiguous
     * @param read begun ones that the estimates rest on: all, or of a large sample a uniform part
     * @param judged of those, begun so early that nine in ten are finished: purity and completeness rest on them
     * @param gold gold standards with votes, on which the posteriors are calibrated
     */
    public record EvaluationSample(long candidates, long begun, long finished, long read, long judged, long gold) {}

    /**
     * A proportion with its interval, or null and the reason why there is none.
     *
     * @param confidence of the interval, 0.95
     * @param n candidates (or votes) that it rests on
     * @param method how it was estimated, in one sentence
     */
    public record Estimate(
            @Nullable Double value,
            @Nullable Double low,
            @Nullable Double high,
            double confidence,
            long n,
            String method,
            @Nullable String reason) {}
}
