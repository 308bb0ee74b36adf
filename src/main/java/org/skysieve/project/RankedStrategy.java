package org.skysieve.project;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.RankingStrategy;

/**
 * One strategy of a workflow's mix.
 *
 * @param strategy its name, as in {@link RankingStrategy#key()}
 * @param weight above 0: its part, against the other weights, of what gold, exploration and variety leave
 * @param expression on the candidate's fields, where the strategy is "expression"; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RankedStrategy(
        String strategy, double weight, @Nullable String expression) {
    /** As many as the queue keeps keys of. */
    public static final int MOST = 4;

    /** Uncertainty alone. */
    static final List<RankedStrategy> USUAL = List.of(new RankedStrategy("uncertainty", 1, null));

    public RankedStrategy {
        RankingStrategy known = RankingStrategy.of(strategy)
                .orElseThrow(() -> new IllegalArgumentException(
                        "mix.strategy: got \"" + strategy + "\", need one of " + RankingStrategy.keys()));
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("mix.weight: got " + weight + ", need a finite number above 0");
        }
        boolean needed = known == RankingStrategy.EXPRESSION;
        if (needed == (expression == null || expression.isBlank())) {
            throw new IllegalArgumentException("mix.expression: got " + expression + ", need "
                    + (needed ? "one for the strategy expression" : "nothing: " + strategy + " has none"));
        }
    }

    @JsonCreator
    static RankedStrategy of(@Nullable String strategy, @Nullable Double weight, @Nullable String expression) {
        return new RankedStrategy(strategy == null ? "" : strategy, weight == null ? 1 : weight, expression);
    }

    /** The strategy behind the name. */
    public RankingStrategy ranking() {
        return RankingStrategy.of(strategy).orElseThrow();
    }

    /** @throws IllegalArgumentException for none, too many, one that comes twice, or none that ranks every candidate */
    static List<RankedStrategy> check(List<RankedStrategy> mix) {
        if (mix.isEmpty() || mix.size() > MOST) {
            throw new IllegalArgumentException("mix: got " + mix.size() + " strategies, need 1.." + MOST);
        }
        Set<String> names = new HashSet<>();
        int partial = 0;
        for (RankedStrategy each : mix) {
            if (!names.add(each.strategy)) {
                throw new IllegalArgumentException("mix: got " + each.strategy + " twice, need each once");
            }
            partial += each.ranking().partial() ? 1 : 0;
        }
        if (partial == MOST) {
            throw new IllegalArgumentException(
                    "mix: got " + names + ", which may all leave candidates unranked; need one at least of the others");
        }
        return List.copyOf(mix);
    }
}
