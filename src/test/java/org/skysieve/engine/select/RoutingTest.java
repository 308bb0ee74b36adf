package org.skysieve.engine.select;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Who is sent where: disagreement, routes, steering and the showcase. */
class RoutingTest {
    @Test
    void disagreementIsTheEntropyOfAnswersWeightedBySkill() {
        assertThat(Disagreement.of(new int[] {0, 1}, new double[] {0.8, 0.8}, 2))
                .isCloseTo(1, within(1e-12));
        assertThat(Disagreement.of(new int[] {0, 0, 0}, new double[] {0.8, 0.8, 0.1}, 2))
                .isZero();
        // H(1/4) = 2 - 3/4 log2 3 bits, however many votes stand behind the shares.
        double quarter = 2 - 0.75 * Math.log(3) / Math.log(2);
        assertThat(Disagreement.of(new int[] {0, 1}, new double[] {0.9, 0.3}, 2))
                .isCloseTo(quarter, within(1e-12));
        // The dissent of somebody who answers by chance counts nothing.
        assertThat(Disagreement.of(new int[] {0, 0, 1}, new double[] {0.9, 0.9, 0}, 2))
                .isZero();
        assertThat(Disagreement.of(new int[] {0}, new double[] {0.9}, 2)).isNaN();
        assertThat(Disagreement.of(new int[] {0, 1}, new double[] {0, 0}, 2)).isNaN();
        assertThatThrownBy(() -> Disagreement.of(new int[] {0}, new double[0], 2))
                .hasMessageContaining("got 1 answers, 0 skills");
    }

    @Test
    void skillIsWhatIsBetterThanChance() {
        assertThat(Disagreement.skill(new double[] {1, 0, 0, 1}, 2)).isEqualTo(1);
        assertThat(Disagreement.skill(new double[] {0.5, 0.5, 0.5, 0.5}, 2)).isZero();
        assertThat(Disagreement.skill(new double[] {0.9, 0.1, 0.3, 0.7}, 2)).isCloseTo(0.6, within(1e-12));
        assertThat(Disagreement.skill(new double[] {0, 1, 1, 0}, 2)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1,.1,EXPERT", "1,.9,BOTH", "1,NaN,EXPERT", "0,.9,TRAINING", "0,.1,", "0,NaN,", "NaN,.9,", ".6,.9,"})
    void whichDoubtIsHighTellsWhoShouldLook(double disagreement, double model, Route route) {
        assertThat(Route.of(disagreement, model).orElse(null)).isEqualTo(route);
    }

    @Test
    void newcomersGetVarietyAndTheReliableWhatIsRanked() {
        assertThat(Steering.standing(0, 0, 20)).isEqualTo(-1);
        assertThat(Steering.standing(20, 1, 20)).isCloseTo(0, within(1e-12));
        assertThat(Steering.standing(180, 1, 20)).isCloseTo(0.8, within(1e-12));
        assertThat(Steering.standing(1_000_000, 0, 20)).isCloseTo(-1, within(1e-4));

        assertThat(Steering.varietyShare(0.5, 0.2, -1, 0.5)).isCloseTo(0.6, within(1e-12));
        assertThat(Steering.varietyShare(0.5, 0.2, 1, 0.5)).isCloseTo(0.4, within(1e-12));
        assertThat(Steering.varietyShare(0.5, 0.2, 1, 0)).isEqualTo(0.5);
        // Everybody keeps some of both, and without either nothing moves.
        assertThat(Steering.varietyShare(0.1, 0.6, 1, 0.99)).isPositive();
        assertThat(Steering.varietyShare(0, 0.6, -1, 0.5)).isZero();
    }

    @Test
    void whatHadManyVotesGoesToTheReliableAndWhatHadFewToNewcomers() {
        int[] votes = {0, 2, 4};

        assertThat(Steering.tilts(votes, 1, 0.5)).containsExactly(new double[] {0.5, 1, 2}, within(1e-12));
        assertThat(Steering.tilts(votes, -1, 0.5)).containsExactly(new double[] {2, 1, 0.5}, within(1e-12));
        assertThat(Steering.tilts(votes, 1, 0)).containsOnly(1);
        assertThat(Steering.tilts(new int[0], 1, 0.5)).isEmpty();
    }

    @Test
    void theShowcaseTradesLikelihoodForFreshnessTheSameAtAllTimes() {
        assertThat(Showcase.key(0.49, 60_000)).isNaN();
        assertThat(Showcase.key(1, 60_000)).isZero();
        // A week older is as good as half as likely.
        assertThat(Showcase.key(1, 60_000)).isCloseTo(Showcase.key(0.5, 60_007), within(1e-12));
        assertThat(RankingStrategy.FRESHNESS.usefulness(5, 6)).isCloseTo(Math.pow(0.5, 0.25), within(1e-12));
    }

    @Test
    void keysOfTheirOwnScaleCountByTheirRatio() {
        assertThat(RankingStrategy.EXPRESSION.usefulness(50, 200)).isEqualTo(0.25);
        assertThat(RankingStrategy.SETTLING.usefulness(0, 0)).isEqualTo(1);
        assertThat(RankingStrategy.UNCERTAINTY.usefulness(0.3, 0.9)).isEqualTo(0.3);
        assertThat(RankingStrategy.of("likely")).contains(RankingStrategy.LIKELY);
        assertThat(RankingStrategy.of("oracle")).isEmpty();
    }
}
