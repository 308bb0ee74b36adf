package org.skysieve.engine.select;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws the arm that fills the next place in a batch: gold, exploration and variety have their shares, uncertainty the rest. An
 * arm that has nothing to offer gives its share to the others in
 * proportion, and the probability of each draw includes that.
 */
public final class ArmMix {
    /** After so many gold standards a volunteer's gold share has halved. */
    public static final int GOLD_HALF = 20;

    private final double gold;
    private final double exploration;
    private final double variety;

    private ArmMix(double gold, double exploration, double variety) {
        this.gold = gold;
        this.exploration = exploration;
        this.variety = variety;
    }

    /**
     * @param goldShare share of gold standards for somebody who has seen none, in [0, 1)
     * @param explorationShare share of exploration, in [0, 1 - goldShare]
     * @param varietyShare share of variety, in [0, 1 - goldShare - explorationShare]
     * @param goldSeen gold standards that the volunteer has been served so far; the gold share is
     *     {@code goldShare * 20 / (20 + goldSeen)}: a newcomer is measured often, a known hand now and then
     */
    public static ArmMix of(double goldShare, double explorationShare, double varietyShare, int goldSeen) {
        if (!(goldShare >= 0 && goldShare < 1)
                || !(explorationShare >= 0 && varietyShare >= 0)
                || !(goldShare + explorationShare + varietyShare <= 1 + 1e-9)
                || goldSeen < 0) {
            throw new IllegalArgumentException("arm mix: got gold share " + goldShare + ", exploration share "
                    + explorationShare + ", variety share " + varietyShare + ", " + goldSeen
                    + " gold seen, need shares >= 0 with a sum of at most 1, and gold seen >= 0");
        }
        double gold = goldShare * GOLD_HALF / (GOLD_HALF + goldSeen);
        return new ArmMix(gold, explorationShare, varietyShare);
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
            case VARIETY -> variety;
            case UNCERTAINTY -> Math.max(0, 1 - gold - exploration - variety);
        };
    }
}
