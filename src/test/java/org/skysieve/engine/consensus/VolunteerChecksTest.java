package org.skysieve.engine.consensus;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class VolunteerChecksTest {
    /** Six votes a row, right in seven of ten. */
    private static final double[] PRIOR = {4.2, 1.8, 1.8, 4.2};

    @Test
    void informationIsThatOfTheTable() {
        assertThat(SpamCheck.information(new double[] {10, 0, 0, 10}, 2)).isCloseTo(Math.log(2), within(1e-12));
        assertThat(SpamCheck.information(new double[] {0, 10, 10, 0}, 2)).isCloseTo(Math.log(2), within(1e-12));
        assertThat(SpamCheck.information(new double[] {6, 2, 3, 1}, 2)).isCloseTo(0, within(1e-12));
        assertThat(SpamCheck.information(new double[4], 2)).isZero();
    }

    @Test
    void theEvidenceIsTheRatioOfMarginalLikelihoods() {
        // Two votes for class 0, on truths 0 and 1; Polya: honest .7 * .3, blind 1/2 * 2/3.
        double blind = 1.0 / 3;
        double honest = .7 * .3;
        double odds = blind / honest;

        assertThat(SpamCheck.of(new double[] {1, 0, 1, 0}, PRIOR, 2).probability())
                .isCloseTo(odds / (1 + odds), within(1e-12));
        assertThat(SpamCheck.of(new double[4], PRIOR, 2).probability()).isCloseTo(.5, within(1e-12));
    }

    @Test
    void blindClickingIsFoundAndContradictionIsNot() {
        assertThat(SpamCheck.of(new double[] {40, 0, 40, 0}, PRIOR, 2).probability())
                .isGreaterThan(.99);
        assertThat(SpamCheck.of(new double[] {50, 50, 50, 50}, PRIOR, 2).probability())
                .isGreaterThan(SpamCheck.SUSPICIOUS);
        assertThat(SpamCheck.of(new double[] {36, 4, 4, 36}, PRIOR, 2).probability())
                .isLessThan(1e-5);
        assertThat(SpamCheck.of(new double[] {4, 36, 36, 4}, PRIOR, 2).probability())
                .isLessThan(.01);
    }

    @Test
    void fewHonestVolunteersAreAccused() {
        SplittableRandom random = new SplittableRandom(21);
        int accused = 0;
        int caught = 0;
        for (int volunteer = 0; volunteer < 1000; volunteer++) {
            double[] honest = new double[4];
            double[] blind = new double[4];
            for (int i = 0; i < 60; i++) {
                int truth = random.nextInt(2);
                honest[2 * truth + (random.nextDouble() < .75 ? truth : 1 - truth)]++;
                blind[2 * truth + (random.nextDouble() < .3 ? 0 : 1)]++;
            }
            accused += SpamCheck.of(honest, PRIOR, 2).probability() >= SpamCheck.SUSPICIOUS ? 1 : 0;
            caught += SpamCheck.of(blind, PRIOR, 2).probability() >= SpamCheck.SUSPICIOUS ? 1 : 0;
        }

        assertThat(accused).as("of 1000 honest ones").isLessThanOrEqualTo(10);
        assertThat(caught).as("of 1000 blind ones").isGreaterThan(500);
    }

    @Test
    void aVoteAndItsUndoLeaveTheFindingAsItWas() {
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(2));
        SplittableRandom random = new SplittableRandom(4);
        for (int c = 0; c < 100; c++) {
            for (int v = 0; v < 4; v++) {
                live.vote(Vote.of(c, v, v == 3 ? 0 : random.nextDouble() < .9 ? c % 2 : 1 - c % 2), null);
            }
        }
        live.refit();
        SpamCheck.Finding before = SpamCheck.of(live.reliability(3));

        live.vote(Vote.of(500, 3, 1), null);
        live.vote(Vote.of(500, 1, 1), null);
        assertThat(SpamCheck.of(live.reliability(3))).isNotEqualTo(before);
        live.withdraw(500, 1);
        live.withdraw(500, 3);

        assertThat(SpamCheck.of(live.reliability(3))).isEqualTo(before);
        assertThat(before.probability()).isGreaterThan(SpamCheck.SUSPICIOUS);
        assertThat(SpamCheck.of(live.reliability(0)).probability()).isLessThan(1e-6);
    }

    @Test
    void aChangeOfRateHasTheStatisticOfTheTextbook() {
        DriftCheck drift = new DriftCheck(10);
        for (int i = 0; i < 20; i++) {
            drift.add(i, i < 10 ? 1 : 0);
        }

        DriftCheck.Finding finding = drift.finding();

        assertThat(finding.statistic()).isCloseTo(40 * Math.log(2), within(1e-9));
        assertThat(finding.earlierRate()).isEqualTo(1);
        assertThat(finding.recentRate()).isZero();
        assertThat(finding.gotWorse()).isTrue();
    }

    @Test
    void saysNothingBeforeThereIsAPastToCompareWith() {
        DriftCheck drift = new DriftCheck(10);
        for (int i = 0; i < 19; i++) {
            drift.add(i, i < 9 ? 1 : 0);
        }

        assertThat(drift.finding().statistic()).isZero();
        assertThat(drift.finding().recent()).isEqualTo(10);
        assertThat(new DriftCheck(5).finding().earlierRate()).isNaN();
    }

    @Test
    void steadyVolunteersRarelySeemToDrift() {
        SplittableRandom random = new SplittableRandom(8);
        int alarms = 0;
        for (int volunteer = 0; volunteer < 2000; volunteer++) {
            DriftCheck drift = new DriftCheck(40);
            for (int i = 0; i < 150; i++) {
                drift.add(i, random.nextDouble() < .8 ? 1 : 0);
            }
            alarms += drift.finding().statistic() > 10.83 ? 1 : 0;
        }

        // One in a thousand is expected; 2 +- 1.4 of 2000, and the approximation is rough.
        assertThat(alarms).isLessThanOrEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void votesThatCameAndWentLeaveNoTrace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DriftCheck with = new DriftCheck(15);
        DriftCheck without = new DriftCheck(15);
        for (int i = 0; i < 200; i++) {
            double right = random.nextDouble();
            with.add(i, right);
            if (i % 3 != 0) {
                without.add(i, right);
            }
        }
        int[] gone = new int[67];
        Arrays.setAll(gone, i -> 3 * i);
        for (int i = gone.length - 1; i >= 0; i--) {
            with.remove(gone[i]);
        }

        assertThat(with.finding()).isEqualTo(without.finding());
        assertThatThrownBy(() -> with.remove(0)).hasMessageContaining("got vote 0");
    }
}
