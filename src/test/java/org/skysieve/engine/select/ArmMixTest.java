package org.skysieve.engine.select;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class ArmMixTest {
    private static final Set<Arm> ALL = Set.of(Arm.GOLD, Arm.EXPLORATION, Arm.VARIETY, Arm.UNCERTAINTY);

    @Test
    void sharesAreThoseOfTheRules() {
        ArmMix mix = ArmMix.of(0.08, 0.15, 0.5, 0);

        assertThat(mix.probability(Arm.GOLD, ALL)).isCloseTo(0.08, within(1e-12));
        assertThat(mix.probability(Arm.EXPLORATION, ALL)).isCloseTo(0.15, within(1e-12));
        assertThat(mix.probability(Arm.UNCERTAINTY, ALL)).isCloseTo(0.27, within(1e-12));
    }

    @Test
    void goldHalvesAfterTwentyAndUncertaintyTakesWhatItLeaves() {
        ArmMix mix = ArmMix.of(0.08, 0.15, 0.5, 20);

        assertThat(mix.probability(Arm.GOLD, ALL)).isCloseTo(0.04, within(1e-12));
        assertThat(mix.probability(Arm.EXPLORATION, ALL)).isCloseTo(0.15, within(1e-12));
        assertThat(mix.probability(Arm.UNCERTAINTY, ALL)).isCloseTo(0.31, within(1e-12));
    }

    @Test
    void anEmptyArmGivesItsShareInProportion() {
        ArmMix mix = ArmMix.of(0.2, 0.2, 0.1, 0);
        Set<Arm> withoutUncertainty = Set.of(Arm.GOLD, Arm.EXPLORATION);

        assertThat(mix.probability(Arm.GOLD, withoutUncertainty)).isCloseTo(0.5, within(1e-12));
        assertThat(mix.probability(Arm.UNCERTAINTY, withoutUncertainty)).isZero();
        assertThat(ArmMix.of(0, 0, 0, 0).probability(Arm.EXPLORATION, Set.of(Arm.EXPLORATION)))
                .isEqualTo(1);
        assertThatThrownBy(() -> mix.draw(Set.of(), new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rankedStrategiesShareTheRestByTheirWeights() {
        Arm likely = Arm.of(RankingStrategy.LIKELY);
        ArmMix mix = ArmMix.of(0.1, 0.2, 0.3, Map.of(Arm.UNCERTAINTY, 3.0, likely, 1.0), 0);
        Set<Arm> all = Set.of(Arm.GOLD, Arm.EXPLORATION, Arm.VARIETY, Arm.UNCERTAINTY, likely);

        assertThat(mix.probability(Arm.UNCERTAINTY, all)).isCloseTo(0.3, within(1e-12));
        assertThat(mix.probability(likely, all)).isCloseTo(0.1, within(1e-12));
        // Its candidates are used up: the others have its share in proportion.
        assertThat(mix.probability(Arm.UNCERTAINTY, Set.of(Arm.UNCERTAINTY, Arm.VARIETY)))
                .isCloseTo(0.5, within(1e-12));
        assertThatThrownBy(() -> ArmMix.of(0, 0, 0, Map.of(likely, -1.0), 0))
                .hasMessageContaining("got weight -1.0 of likely");
    }

    @Test
    void goldNeverServesAloneWhereOnlyArmsWithoutAShareHaveWork() {
        ArmMix mix = ArmMix.of(0.1, 0.2, 0, Map.of(Arm.UNCERTAINTY, 0.0), 0);

        assertThat(mix.probability(Arm.UNCERTAINTY, Set.of(Arm.GOLD, Arm.UNCERTAINTY)))
                .isEqualTo(1);
        assertThat(mix.probability(Arm.GOLD, Set.of(Arm.GOLD, Arm.UNCERTAINTY))).isZero();
    }

    @Test
    void drawsFollowTheProbabilities() {
        ArmMix mix = ArmMix.of(0.08, 0.15, 0.4, 5);
        SplittableRandom random = new SplittableRandom(7);
        Map<Arm, Integer> counts = new HashMap<>();
        int runs = 20_000;

        for (int r = 0; r < runs; r++) {
            counts.merge(mix.draw(ALL, random), 1, Integer::sum);
        }

        for (Arm arm : ALL) {
            double p = mix.probability(arm, ALL);
            double standardError = Math.sqrt(p * (1 - p) / runs);
            assertThat(counts.get(arm) / (double) runs).isCloseTo(p, within(4 * standardError));
        }
    }
}
