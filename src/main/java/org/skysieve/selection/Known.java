package org.skysieve.selection;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.Belief;
import org.skysieve.engine.select.Route;

/**
 * What is known of a candidate when its place in a queue is computed.
 *
 * @param belief what votes and model say; uniform where there is neither
 * @param informed whether there is either
 * @param open whether it can be served: not settled, no gold standard
 * @param ambiguous whether people gave it up
 * @param disagreement of the volunteers in [0, 1], NaN below two votes
 * @param modelDoubt (epistemic + aleatoric) / ln K in [0, 1], NaN without a model
 * @param anomaly how much it stands out, in (0, 1], NaN where nobody has looked
 * @param fade in mag a day, NaN where unknown or not asked for
 * @param fields values of {@link org.skysieve.engine.select.PriorityFields} behind those of the answers, which are left
 *     null; empty where not asked for
 */
record Known(
        long candidateId,
        Belief belief,
        boolean informed,
        boolean evaluation,
        boolean open,
        boolean ambiguous,
        double disagreement,
        double modelDoubt,
        double anomaly,
        double timeMjd,
        double fade,
        @Nullable Object[] fields) {
    Known withDisagreement(double value) {
        return new Known(
                candidateId,
                belief,
                informed,
                evaluation,
                open,
                ambiguous,
                value,
                modelDoubt,
                anomaly,
                timeMjd,
                fade,
                fields);
    }

    /** Who should look at it; experts are not asked about what is settled. */
    Optional<Route> route() {
        Optional<Route> route = Route.of(disagreement, modelDoubt);
        return route.filter(way -> way == Route.TRAINING || open || ambiguous);
    }
}
