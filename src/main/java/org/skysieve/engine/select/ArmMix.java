package org.skysieve.engine.select;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws the arm that fills the next place in a batch: gold, exploration and variety have their shares, ranked strategies
 * the rest by their weights. An arm that has nothing to offer gives its share to the others in proportion, and the
 * probability of each draw includes that.
 */
public final class ArmMix {
    /** After so many gold standards a volunteer's gold share has halved. */
    public static final int GOLD_HALF = 20;

    /** In a fixed order, so that a seed always draws the same. */
    private final Map<Arm, Double> shares = new LinkedHashMap<>();

    private ArmMix(double gold, double exploration, double variety, Map<Arm, Double> ranked) {
        shares.put(Arm.GOLD, gold);
        shares.put(Arm.EXPLORATION, exploration);
        shares.put(Arm.VARIETY, variety);
        double rest = Math.max(0, 1 - gold - exploration - variety);
        double weights = 0;
        for (double weight : ranked.values()) {
            weights += weight;
        }
        for (Map.Entry<Arm, Double> each : ranked.entrySet()) {
            shares.put(each.getKey(), weights > 0 ? rest * each.getValue() / weights : 0);
        }
    }

    /**
     * A mix for one volunteer.
     *
     * @param goldShare share of gold standards for somebody who has seen none, in [0, 1)
     * @param explorationShare share of exploration, in [0, 1 - goldShare]
     * @param varietyShare share of variety, in [0, 1 - goldShare - explorationShare]
     * @param ranked weights of the ranked strategies, each >= 0
     * @param goldSeen gold standards that the volunteer has been served so far; the gold share is
     *     {@code goldShare * 20 / (20 + goldSeen)}: a newcomer is measured often, a known hand now and then
     */
    public static ArmMix of(
            double goldShare, double explorationShare, double varietyShare, Map<Arm, Double> ranked, int goldSeen) {
        if (!(goldShare >= 0 && goldShare < 1)
                || !(explorationShare >= 0 && varietyShare >= 0)
                || !(goldShare + explorationShare + varietyShare <= 1 + 1e-9)
                || goldSeen < 0) {
            throw new IllegalArgumentException("arm mix: got gold share " + goldShare + ", exploration share "
                    + explorationShare + ", variety share " + varietyShare + ", " + goldSeen
                    + " gold seen, need shares >= 0 with a sum of at most 1, and gold seen >= 0");
        }
        for (Map.Entry<Arm, Double> each : ranked.entrySet()) {
            if (!(each.getValue() >= 0 && each.getValue() < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("arm mix: got weight " + each.getValue() + " of "
                        + each.getKey().key() + ", need a finite number from 0 on");
            }
        }
        double gold = goldShare * GOLD_HALF / (GOLD_HALF + goldSeen);
        return new ArmMix(gold, explorationShare, varietyShare, ranked);
    }

    /** As {@link #of(double, double, double, Map, int)}, with uncertainty alone. */
    public static ArmMix of(double goldShare, double explorationShare, double varietyShare, int goldSeen) {
        return of(goldShare, explorationShare, varietyShare, Map.of(Arm.UNCERTAINTY, 1.0), goldSeen);
    }

    /** The probability of {@code arm} while {@code available} arms have something to offer; 0 for the others. */
    public double probability(Arm arm, Set<Arm> available) {
        if (!available.contains(arm)) {
            return 0;
        }
        double total = 0;
        double work = 0;
        int workers = 0;
        for (Arm each : available) {
            total += share(each);
            if (!each.equals(Arm.GOLD)) {
                work += share(each);
                workers++;
            }
        }
        if (work > 0 || workers == 0) {
            return total > 0 ? share(arm) / total : 1.0 / available.size();
        }
        // Only arms whose share is zero have work left: better a candidate than an empty page, or gold without end.
        return arm.equals(Arm.GOLD) ? 0 : 1.0 / workers;
    }

    /** Draws one of the available arms. */
    public Arm draw(Set<Arm> available, SplittableRandom random) {
        if (available.isEmpty()) {
            throw new IllegalArgumentException("arm mix: no arm has anything to offer");
        }
        double target = random.nextDouble();
        Arm chosen = null;
        for (Arm arm : shares.keySet()) {
            double p = probability(arm, available);
            if (p > 0) {
                chosen = arm;
                target -= p;
                if (target < 0) {
                    break;
                }
            }
        }
        return Objects.requireNonNull(chosen, "arm");
    }

    private double share(Arm arm) {
        return shares.getOrDefault(arm, 0.0);
    }
}
