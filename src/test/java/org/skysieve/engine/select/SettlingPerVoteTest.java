package org.skysieve.engine.select;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SettlingPerVoteTest {
    private static final double[] GOOD = {0.9, 0.1, 0.1, 0.9};
    private static final double[] COIN = {0.5, 0.5, 0.5, 0.5};

    private static Belief belief(double p, int votes) {
        return new Belief(new double[] {p, 1 - p}, Double.NaN, Double.NaN, votes);
    }

    @Test
    void oneVoteFromSettlingItIsTheProbabilityThatTheVoteSettlesOrTurns() {
        SettlingPerVote strategy = new SettlingPerVote(GOOD, GOOD, 2, 0.95, 10);

        // At .8 one agreeing answer gives .973, a disagreeing one .308: either way something changes.
        assertThat(strategy.usefulness(belief(0.8, 1)) * strategy.votesNeeded(belief(0.8, 1)))
                .isCloseTo(1, within(1e-12));
        // At .9 a disagreeing answer gives .5: neither settled nor turned. P(agree) = .9 * .9 + .1 * .1.
        assertThat(strategy.usefulness(belief(0.9, 2)) * strategy.votesNeeded(belief(0.9, 2)))
                .isCloseTo(0.82, within(1e-12));
    }

    @Test
    void nearlySettledComesBeforeOpenAndAVoteThatSaysNothingIsWorthNothing() {
        SettlingPerVote strategy = new SettlingPerVote(GOOD, GOOD, 2, 0.95, 10);

        assertThat(strategy.usefulness(belief(0.8, 1))).isGreaterThan(strategy.usefulness(belief(0.5, 0)));
        assertThat(new SettlingPerVote(COIN, GOOD, 2, 0.95, 10).usefulness(belief(0.8, 1)))
                .isZero();
    }

    @Test
    void expectedVotesComeNearASimulatedSequentialTest() {
        // Votes of 65 %: many small steps, where Wald's approximation holds best.
        double[] weak = {0.65, 0.35, 0.35, 0.65};
        SettlingPerVote strategy = new SettlingPerVote(weak, weak, 2, 0.95, 100);
        SplittableRandom random = new SplittableRandom(7);
        double step = Math.log(0.65 / 0.35);
        int runs = 20_000;
        double votes = 0;
        for (int run = 0; run < runs; run++) {
            double logOdds = 0;
            while (Math.abs(logOdds) < Math.log(19)) {
                logOdds += random.nextDouble() < 0.65 ? step : -step;
                votes++;
            }
        }

        // The test stops at either end, which the formula leaves out, and overshoots: within a third.
        assertThat(strategy.votesNeeded(belief(0.5, 0))).isCloseTo(votes / runs, within(votes / runs / 3));
    }

    @Test
    void neededVotesStayWithinWhatTheLimitLeaves() {
        SettlingPerVote strategy = new SettlingPerVote(GOOD, COIN, 2, 0.95, 10);

        assertThat(strategy.votesNeeded(belief(0.5, 7))).isEqualTo(3);
        assertThat(strategy.votesNeeded(belief(0.5, 12))).isEqualTo(1);
    }

    @Test
    void wrongSizesAreRefused() {
        assertThatThrownBy(() -> new SettlingPerVote(GOOD, GOOD, 2, 0.5, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got threshold 0.5");
    }
}
