package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** What every algorithm promises. */
class ConsensusMethodsTest {

    static List<String> names() {
        return ConsensusMethods.names();
    }

    static List<String> learning() {
        return names().stream().filter(name -> !name.equals("swap")).toList();
    }

    @ParameterizedTest
    @MethodSource("learning")
    void findsTheTruthOfACapableCrowd(String name) {
        ACrowd crowd = ACrowd.of(1, 400, 3, 7, 0.9, 0.9, 0.85, 0.85, 0.8, 0.8, 0.75, 0.75, 0.7);

        ConsensusResult result = ConsensusMethods.byName(name).fit(ConsensusInput.of(crowd.votes));

        // Seven votes of .82 on average: the best rule is wrong once in fifty.
        assertThat(crowd.accuracy(result)).isGreaterThan(0.95);
        assertThat(result.why()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("names")
    void givesProbabilitiesAlsoWhereThereAreNoVotesNoVolunteerAndNoSuchAnswer(String name) {
        // Candidate 3 has no vote, volunteer 2 casts none, nobody answers class 3, a row comes twice.
        VoteTable votes = ACrowd.table(
                4, 3, 4, new int[] {0, 0, 1}, new int[] {0, 0, 1}, new int[] {0, 1, 1}, new int[] {1, 0, 2}, new int[] {
                    2, 1, 0
                });

        ConsensusResult result = ConsensusMethods.byName(name).fit(ConsensusInput.of(votes));

        for (int c = 0; c < 4; c++) {
            assertThat(Arrays.stream(result.posteriors().of(c)).sum()).isCloseTo(1, within(1e-9));
            assertThat(Arrays.stream(result.posteriors().of(c)).boxed()).allMatch(p -> p >= 0 && p <= 1);
        }
        for (int v = 0; v < 3; v++) {
            for (int t = 0; t < 4; t++) {
                double[] row = Arrays.copyOfRange(result.confusions().of(v), 4 * t, 4 * t + 4);
                assertThat(Arrays.stream(row).sum())
                        .as("volunteer %d, truth %d", v, t)
                        .isCloseTo(1, within(1e-9));
            }
        }
        assertThat(Arrays.stream(result.prior()).sum()).isCloseTo(1, within(1e-9));
        assertThat(votes.votes()).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("learning")
    void followsTheOnlyVoteThatACandidateHas(String name) {
        List<int[]> rows = new ArrayList<>();
        for (int c = 0; c < 60; c++) {
            rows.add(new int[] {c, c % 12, c / 12 % 3});
        }
        VoteTable votes = ACrowd.table(60, 12, 3, rows);

        ConsensusResult result = ConsensusMethods.byName(name).fit(ConsensusInput.of(votes));

        int followed = 0;
        for (int c = 0; c < 60; c++) {
            followed += result.posteriors().leading(c) == c / 12 % 3 ? 1 : 0;
        }
        // MACE may call some volunteers spammers for their habits alone.
        assertThat(followed).isGreaterThanOrEqualTo(name.equals("mace") || name.equals("ebcc") ? 30 : 60);
    }

    @ParameterizedTest
    @MethodSource("names")
    void isTheSameToTheLastBitInAnyOrderOfTheVotes(String name) {
        ACrowd crowd = ACrowd.of(2, 60, 3, 4, 0.9, 0.6, 0.8, 0.7, 0.5, 0.9);
        List<int[]> rows = rows(crowd.votes);
        java.util.Collections.reverse(rows);

        ConsensusMethod method = ConsensusMethods.byName(name);
        ConsensusResult one = method.fit(ConsensusInput.of(crowd.votes));
        ConsensusResult other = method.fit(ConsensusInput.of(ACrowd.table(60, 6, 3, rows)));

        for (int c = 0; c < 60; c++) {
            assertThat(other.posteriors().of(c))
                    .containsExactly(one.posteriors().of(c));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void holdsGoldHardAndSoft(String name) {
        ACrowd crowd = ACrowd.of(3, 200, 2, 3, 0.9, 0.8, 0.7, 0.6);
        double[] gold = new double[400];
        Arrays.fill(gold, Double.NaN);
        for (int c = 0; c < 30; c++) {
            gold[2 * c] = crowd.truth[c] == 0 ? 1 : 0;
            gold[2 * c + 1] = 1 - gold[2 * c];
        }
        gold[2 * 40] = 0.25;
        gold[2 * 40 + 1] = 0.75;

        ConsensusInput input = ConsensusInput.of(crowd.votes).withSoftGold(gold);
        ConsensusResult result = ConsensusMethods.byName(name).fit(input);

        assertThat(input.goldCount()).isEqualTo(31);
        assertThat(result.posteriors().get(0, crowd.truth[0])).isEqualTo(1);
        assertThat(result.posteriors().get(40, 1)).isCloseTo(0.75, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("learning")
    void takesAClassifierAsOneMoreAnnotatorAndNoVolunteerIsRatedByIt(String name) {
        ACrowd crowd = ACrowd.of(4, 600, 2, 2, 0.75, 0.75, 0.7, 0.7, 0.65);
        double[] good = new double[1200];
        double[] inverted = new double[1200];
        for (int c = 0; c < 600; c++) {
            double p = c % 10 == 0 ? 0.1 : 0.95;
            good[2 * c + crowd.truth[c]] = p;
            good[2 * c + 1 - crowd.truth[c]] = 1 - p;
            inverted[2 * c] = good[2 * c + 1];
            inverted[2 * c + 1] = good[2 * c];
        }

        ConsensusMethod method = ConsensusMethods.byName(name);
        ConsensusResult alone = method.fit(ConsensusInput.of(crowd.votes));
        ConsensusResult helped = method.fit(ConsensusInput.of(crowd.votes).withModel(good));
        ConsensusResult misled = method.fit(ConsensusInput.of(crowd.votes).withModel(inverted));

        assertThat(crowd.accuracy(helped)).isGreaterThan(crowd.accuracy(alone) + 0.02);
        // What always errs would tell as much as what never does; learned from two votes a candidate it does no harm.
        assertThat(crowd.accuracy(misled)).isGreaterThan(crowd.accuracy(alone) - 0.03);
        assertThat(helped.confusions().of(0)).containsExactly(alone.confusions().of(0));
    }

    @Test
    void aNameNobodyHasIsRefusedWithTheNamesThereAre() {
        assertThatThrownBy(() -> ConsensusMethods.byName("majorty"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"majorty\"")
                .hasMessageContaining("majority, ");
    }

    @Test
    void whatDoesNotFitTheVotesIsRefused() {
        VoteTable votes = ACrowd.table(2, 1, 2, new int[] {0, 0, 1});

        assertThatThrownBy(() -> ConsensusInput.of(votes).withGold(new int[] {0}))
                .hasMessage("gold: got 1 values, need 2");
        assertThatThrownBy(() -> ConsensusInput.of(votes).withGold(new int[] {0, 2}))
                .hasMessageContaining("candidate 1 has class 2");
        assertThatThrownBy(() -> ConsensusInput.of(votes).withModel(new double[] {0.5, 0.6, 1, 0}))
                .hasMessageContaining("candidate 0 has probabilities [0.5, 0.6]");
        assertThatThrownBy(() -> ConsensusInput.of(votes).withStrata(2, new int[] {0, 2}))
                .hasMessageContaining("candidate 1 has stratum 2");
    }

    static List<int[]> rows(VoteTable votes) {
        List<int[]> rows = new ArrayList<>();
        for (int c = 0; c < votes.candidates(); c++) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                rows.add(new int[] {c, votes.volunteer(i), votes.answer(i)});
            }
        }
        return rows;
    }
}
