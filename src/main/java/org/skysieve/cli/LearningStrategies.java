package org.skysieve.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.skysieve.engine.select.Anomaly;
import org.skysieve.engine.select.BatchQuery;
import org.skysieve.engine.select.CoreSet;
import org.skysieve.engine.select.Entropy;
import org.skysieve.engine.select.Epistemic;
import org.skysieve.engine.select.Greedy;
import org.skysieve.engine.select.KMeansPlusPlus;
import org.skysieve.engine.select.LeastConfidence;
import org.skysieve.engine.select.Margin;
import org.skysieve.engine.select.PowerBatch;
import org.skysieve.engine.select.TopRanked;
import org.skysieve.engine.select.Unranked;

/** The query strategies of {@code skysieve learn} by name. Each run makes its own: some remember. */
final class LearningStrategies {
    /** Of {@code power}: high enough to stay with the doubtful ones. */
    private static final double POWER = 8;

    private static final Map<String, Supplier<BatchQuery>> BY_NAME = byName();

    private LearningStrategies() {}

    private static Map<String, Supplier<BatchQuery>> byName() {
        Map<String, Supplier<BatchQuery>> all = new LinkedHashMap<>();
        all.put("random", () -> new TopRanked(new Unranked()));
        all.put("uncertainty", () -> new TopRanked(new LeastConfidence()));
        all.put("margin", () -> new TopRanked(new Margin()));
        all.put("entropy", () -> new TopRanked(new Entropy()));
        all.put("bald", () -> new TopRanked(new Epistemic()));
        all.put("coreset", CoreSet::new);
        all.put("kmeans", () -> new KMeansPlusPlus(new Entropy()));
        all.put("power", () -> new PowerBatch(new Entropy(), POWER));
        all.put("greedy", () -> new TopRanked(new Greedy(LearningRun.POSITIVE)));
        all.put("anomaly", Anomaly::new);
        return all;
    }

    static List<String> names() {
        return new ArrayList<>(BY_NAME.keySet());
    }

    /** @throws IllegalArgumentException when there is none of this name */
    static BatchQuery create(String name) {
        Supplier<BatchQuery> maker = BY_NAME.get(name);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "got the strategy \"" + name + "\", need one of " + String.join(", ", BY_NAME.keySet()));
        }
        return maker.get();
    }
}
