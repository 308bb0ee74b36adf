package org.skysieve.engine.select;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws the arm that fills the next place in a batch: gold and exploration have their shares, uncertainty the rest. An
 * arm that has nothing to offer gives its share to the others in
 * proportion, and the probability of each draw includes that.
 */
public final class ArmMix {
    /** After so many gold standards a volunteer's gold share has halved. */
    public static final int GOLD_HALF = 20;

    private final double gold;
    private final double exploration;

    private ArmMix(double gold, double exploration) {
        this.gold = gold;
        this.exploration = exploration;
    }

    /**
     * @param goldShare share of gold standards for somebody who has seen none, in [0, 1)
     * @param explorationShare share of exploration, in [0, 1 - goldShare]
     * @param goldSeen gold standards that the volunteer has been served so far; the gold share is
     *     {@code goldShare * 20 / (20 + goldSeen)}: a newcomer is measured often, a known hand now and then
     */
    public static ArmMix of(double goldShare, double explorationShare, int goldSeen) {
        if (!(goldShare >= 0 && goldShare < 1)
                || !(explorationShare >= 0 && explorationShare <= 1 - goldShare)
                || goldSeen < 0) {
            throw new IllegalArgumentException("arm mix: got gold share " + goldShare + ", exploration share "
                    + explorationShare + ", " + goldSeen + " gold seen, need [0, 1), [0, 1 - gold share], >= 0");
        }
        double gold = goldShare * GOLD_HALF / (GOLD_HALF + goldSeen);
        return new ArmMix(gold, explorationShare);
    }

    /** The probability of {@code arm} while {@code available} arms have something to offer; 0 for the others. */
    public double probability(Arm arm, Set<Arm> available) {
        if (!available.contains(arm)) {
            return 0;
        }
        double total = 0;
        for (Arm each : available) {
            total += share(each);
        }
        // Only arms whose share is zero are left: better a candidate than an empty page.
        return total > 0 ? share(arm) / total : 1.0 / available.size();
    }

    /** Draws one of the available arms. */
    public Arm draw(Set<Arm> available, SplittableRandom random) {
        if (available.isEmpty()) {
            throw new IllegalArgumentException("arm mix: no arm has anything to offer");
        }
        double target = random.nextDouble();
        Arm chosen = null;
        for (Arm arm : EnumSet.copyOf(available)) {
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
        return switch (arm) {
            case GOLD -> gold;
            case EXPLORATION -> exploration;
            case UNCERTAINTY -> 1 - gold - exploration;
        };
    }
}
