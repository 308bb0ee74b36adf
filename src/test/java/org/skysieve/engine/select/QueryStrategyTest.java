package org.skysieve.engine.select;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class QueryStrategyTest {
    private static final List<QueryStrategy> UNCERTAINTIES =
            List.of(new Entropy(), new Margin(), new LeastConfidence());

    @Test
    void aUniformPosteriorIsMostUsefulAndASureOneNotAtAll() {
        for (QueryStrategy strategy : UNCERTAINTIES) {
            assertThat(strategy.usefulness(Belief.uninformed(2))).isCloseTo(1, within(1e-12));
            assertThat(strategy.usefulness(Belief.uninformed(5))).isCloseTo(1, within(1e-12));
            assertThat(strategy.usefulness(belief(0, 1, 0))).isZero();
        }
    }

    @Test
    void closedFormsOfAThreeClassPosterior() {
        Belief belief = belief(0.5, 0.25, 0.25);

        assertThat(new Entropy().usefulness(belief)).isCloseTo(1.5 * Math.log(2) / Math.log(3), within(1e-12));
        assertThat(new Margin().usefulness(belief)).isCloseTo(0.75, within(1e-12));
        assertThat(new LeastConfidence().usefulness(belief)).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void twoClassStrategiesRankAlike() {
        for (QueryStrategy strategy : UNCERTAINTIES) {
            double last = -1;
            for (double p = 1; p >= 0.5; p -= 0.05) {
                double usefulness = strategy.usefulness(belief(p, 1 - p));
                assertThat(usefulness).isGreaterThan(last);
                last = usefulness;
            }
        }
    }

    @Test
    void aMixIsTheWeightedMean() {
        Belief belief = belief(0.5, 0.25, 0.25);
        QueryStrategy mixed = new Entropy().mixedWith(new Margin(), 0.25);

        double expected = 0.25 * new Entropy().usefulness(belief) + 0.75 * 0.75;
        assertThat(mixed.usefulness(belief)).isCloseTo(expected, within(1e-12));
        assertThatThrownBy(() -> new Entropy().mixedWith(new Margin(), 1.5)).hasMessageContaining("1.5");
    }

    @Test
    void mutualInformationIsZeroForAgreeingDrawsAndLnTwoForSureOnesThatDisagree() {
        assertThat(Epistemic.mutualInformation(new double[] {0.3, 0.7, 0.3, 0.7}, 2))
                .isCloseTo(0, within(1e-12));
        assertThat(Epistemic.mutualInformation(new double[] {1, 0, 0, 1}, 2)).isCloseTo(Math.log(2), within(1e-12));
        assertThat(new Epistemic().usefulness(new Belief(new double[] {0.5, 0.5}, Math.log(2), 0, 0)))
                .isCloseTo(1, within(1e-12));
        assertThat(new Epistemic().usefulness(Belief.uninformed(2))).isEqualTo(1);
        assertThatThrownBy(() -> Epistemic.mutualInformation(new double[3], 2)).hasMessageContaining("3");
    }

    @Test
    void anOracleBringsTheWholeEntropyAndASpammerNothing() {
        Belief belief = belief(0.2, 0.8);
        double entropy = -0.2 * Math.log(0.2) - 0.8 * Math.log(0.8);

        assertThat(VoteValue.ofError(0, 2).nats(belief)).isCloseTo(entropy, within(1e-12));
        assertThat(VoteValue.ofError(0.5, 2).nats(belief)).isCloseTo(0, within(1e-12));
        assertThat(VoteValue.ofError(1, 2).nats(belief)).isCloseTo(entropy, within(1e-12));
    }

    @Test
    void voteValueIsTheExpectedDropOfEntropyByBruteForce() {
        SplittableRandom random = new SplittableRandom(1);
        for (int repeat = 0; repeat < 50; repeat++) {
            double[] prior = simplex(3, random);
            double[] confusion = new double[9];
            for (int t = 0; t < 3; t++) {
                System.arraycopy(simplex(3, random), 0, confusion, 3 * t, 3);
            }

            double drop = Entropy.nats(prior, 0, 3);
            for (int a = 0; a < 3; a++) {
                double[] joint = new double[3];
                double answer = 0;
                for (int t = 0; t < 3; t++) {
                    joint[t] = prior[t] * confusion[3 * t + a];
                    answer += joint[t];
                }
                for (int t = 0; t < 3; t++) {
                    joint[t] /= answer;
                }
                drop -= answer * Entropy.nats(joint, 0, 3);
            }

            assertThat(new VoteValue(confusion, 3).nats(belief(prior))).isCloseTo(drop, within(1e-12));
        }
    }

    @Test
    void aVoteSettlesWhereItLiftsTheLeadingPosteriorOverTheBar() {
        // 0.9 prior, 10 % error: after a confirming vote .81/.82 = .988, after the other one a tie at .5.
        VoteValue value = VoteValue.ofError(0.1, 2);

        assertThat(value.settles(belief(0.9, 0.1), 0.98)).isCloseTo(0.82, within(1e-12));
        assertThat(value.settles(belief(0.9, 0.1), 0.99)).isZero();
    }

    @Test
    void begunCandidatesWinTiesOnly() {
        Priority priority = new Priority(new Entropy());

        float begun = priority.of(new Belief(new double[] {0.6, 0.4}, Double.NaN, Double.NaN, 1));
        assertThat(begun).isGreaterThan(priority.of(belief(0.6, 0.4)));
        assertThat(priority.of(new Belief(new double[] {0.99, 0.01}, Double.NaN, Double.NaN, 3)))
                .isLessThan(priority.of(belief(0.6, 0.4)));
    }

    @Test
    void aBrokenPosteriorIsRefused() {
        assertThatThrownBy(() -> belief(0.5, 0.6)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> belief(1)).hasMessageContaining("1 classes");
        assertThatThrownBy(() -> belief(Double.NaN, 1)).hasMessageContaining("NaN");
    }

    private static Belief belief(double... posterior) {
        return new Belief(posterior, Double.NaN, Double.NaN, 0);
    }

    private static double[] simplex(int classes, SplittableRandom random) {
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = -Math.log(1 - random.nextDouble());
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }
}
