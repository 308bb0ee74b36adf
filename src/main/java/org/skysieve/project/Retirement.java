package org.skysieve.project;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Which rule retires a candidate, within the vote limits of {@link Rules}. In JSON an object whose {@code rule} says
 * which; what is left out is usual.
 */
public sealed interface Retirement {
    /** The name in JSON. */
    @JsonProperty("rule")
    String rule();

    /** The answers that the rule names. */
    default Set<String> answers() {
        return Set.of();
    }

    /**
     * Its leading calibrated posterior reaches a threshold.
     *
     * @param thresholds by the key of the leading answer, in (0.5, 1); for others {@link Rules#retireAt()}
     */
    record Posterior(Map<String, Double> thresholds) implements Retirement {
        static final String RULE = "posterior";

        public Posterior {
            thresholds = sorted("thresholds", thresholds);
            thresholds.forEach(
                    (answer, at) -> check(at > 0.5 && at < 1, "thresholds." + answer, at, "above 0.5 and below 1"));
        }

        @Override
        public String rule() {
            return RULE;
        }

        @Override
        public Set<String> answers() {
            return thresholds.keySet();
        }
    }

    /**
     * The label that costs least is expected to cost next to nothing.
     *
     * @param costs what it costs to label a candidate of that answer as anything else, at least 0; 1 for others
     * @param atMost in the units of the costs, above 0: what one more vote is worth
     */
    record ExpectedLoss(Map<String, Double> costs, double atMost) implements Retirement {
        static final String RULE = "expectedLoss";

        public ExpectedLoss {
            costs = sorted("costs", costs);
            costs.forEach((answer, cost) -> check(
                    cost >= 0 && cost < Double.POSITIVE_INFINITY,
                    "costs." + answer,
                    cost,
                    "a finite number from 0 on"));
            check(atMost > 0 && atMost < Double.POSITIVE_INFINITY, "atMost", atMost, "a finite number above 0");
        }

        @Override
        public String rule() {
            return RULE;
        }

        @Override
        public Set<String> answers() {
            return costs.keySet();
        }
    }

    /**
     * Over the last votes the same answer has led and its posterior has hardly moved. Below
     * {@link Rules#ambiguousBelow()} the candidate is ambiguous.
     *
     * @param votes so many, 1..20
     * @param within by so much at most, in [0, 0.5]
     */
    record Stability(int votes, double within) implements Retirement {
        static final String RULE = "stability";

        public Stability {
            check(votes >= 1 && votes <= 20, "votes", votes, "1..20");
            check(within >= 0 && within <= 0.5, "within", within, "0 to 0.5");
        }

        @Override
        public String rule() {
            return RULE;
        }
    }

    /** The baseline of the field: two votes that agree, else the plurality of seven. */
    record TwoAgreeElseSeven() implements Retirement {
        static final String RULE = "twoAgreeElseSeven";

        @Override
        public String rule() {
            return RULE;
        }
    }

    /** The calibrated posterior reaches {@link Rules#retireAt()}, whatever the answer. */
    Retirement USUAL = new Posterior(Map.of());

    /** From JSON: what the rule does not have is an error, lest a slip goes unnoticed. */
    @JsonCreator
    static Retirement of(
            @Nullable String rule,
            @Nullable Map<String, Double> thresholds,
            @Nullable Map<String, Double> costs,
            @Nullable Double atMost,
            @Nullable Integer votes,
            @Nullable Double within) {
        String name = rule == null ? Posterior.RULE : rule;
        boolean loss = name.equals(ExpectedLoss.RULE);
        boolean stability = name.equals(Stability.RULE);
        Retirement made = switch (name) {
            case Posterior.RULE -> new Posterior(thresholds == null ? Map.of() : thresholds);
            case ExpectedLoss.RULE ->
                new ExpectedLoss(costs == null ? Map.of() : costs, atMost == null ? 0.02 : atMost);
            case Stability.RULE -> new Stability(votes == null ? 3 : votes, within == null ? 0.02 : within);
            case TwoAgreeElseSeven.RULE -> new TwoAgreeElseSeven();
            default ->
                throw new IllegalArgumentException(
                        "rule: got \"" + name + "\", need posterior, expectedLoss, stability or twoAgreeElseSeven");
        };
        foreign(name, "thresholds", name.equals(Posterior.RULE) ? null : thresholds);
        foreign(name, "costs", loss ? null : costs);
        foreign(name, "atMost", loss ? null : atMost);
        foreign(name, "votes", stability ? null : votes);
        foreign(name, "within", stability ? null : within);
        return made;
    }

    private static void foreign(String rule, String field, @Nullable Object value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    field + ": got " + value + ", need nothing: the rule " + rule + " has no such field");
        }
    }

    private static Map<String, Double> sorted(String field, Map<String, Double> given) {
        given.forEach((answer, value) -> {
            if (value == null) {
                throw new IllegalArgumentException(field + "." + answer + ": got null, need a number");
            }
        });
        return Collections.unmodifiableMap(new TreeMap<>(given));
    }

    private static void check(boolean valid, String name, Number got, String need) {
        if (!valid) {
            throw new IllegalArgumentException(name + ": got " + got + ", need " + need);
        }
    }
}
