package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The strategies that a queue can be ranked by. Each gives a candidate a key that changes only when something becomes
 * known of it, so that it can be stored and walked by an index; the highest key is served first.
 */
public enum RankingStrategy {
    /** {@link AtRandom}: the control of every experiment. */
    RANDOM("random", false),
    /** {@link Entropy} of what is known. */
    UNCERTAINTY("uncertainty", false),
    /** {@link Teaching}: what the model is least sure of, finished once begun. */
    TEACHING("teaching", false),
    /** {@link LeastConfidence}. */
    LEAST_CONFIDENCE("least-confidence", false),
    /** {@link Margin}. */
    MARGIN("margin", false),
    /** {@link Epistemic}: what a label would teach the model. */
    EPISTEMIC("epistemic", false),
    /** {@link SettlingPerVote}: what one more vote brings, over the votes still needed. */
    SETTLING("settling", false),
    /** {@link Freshness}: fading transients first. */
    FRESHNESS("freshness", false),
    /** {@link Greedy}: the likely positive ones. It finds, but teaches little. */
    LIKELY("likely", false),
    /** {@link Anomaly}: what stands out from the others. */
    ANOMALY("anomaly", true),
    /** A finite batch of unlike candidates ({@link KMeansPlusPlus}), drawn anew from time to time. */
    DIVERSE("diverse", true),
    /** A scientist's {@link PriorityExpression}. */
    EXPRESSION("expression", true);

    private final String key;
    private final boolean partial;

    RankingStrategy(String key, boolean partial) {
        this.key = key;
        this.partial = partial;
    }

    /** The name in rules and on assignments. */
    public String key() {
        return key;
    }

    /** Whether it may leave candidates unranked: another one must then lead to these. */
    public boolean partial() {
        return partial;
    }

    /** What a draw within a window is weighted by (to the power of the window), in [0, 1.02]. */
    public double usefulness(double key, double best) {
        return switch (this) {
            // Drawn by its worth itself: the key is its logarithm.
            case FRESHNESS -> Math.pow(Freshness.worth(key, best), 1 / PowerSampling.POWER);
            // Their scales are their own; only ratios count.
            case SETTLING, EXPRESSION -> best > 0 ? key / best : 1;
            // The batch is spread as a whole: which of it comes first says nothing.
            case DIVERSE, RANDOM -> 1;
            default -> Math.max(0, key);
        };
    }

    public static Optional<RankingStrategy> of(String key) {
        return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
    }

    /** All names, for messages. */
    public static String keys() {
        return Arrays.stream(values()).map(RankingStrategy::key).collect(Collectors.joining(", "));
    }
}
