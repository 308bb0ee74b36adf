package org.skysieve.engine.consensus;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class AgreementTest {
    /** The table of ten subjects and fourteen raters that explains Fleiss' kappa everywhere; kappa is 0.210. */
    private static final int[][] FOURTEEN_RATERS = {
        {0, 0, 0, 0, 14},
        {0, 2, 6, 4, 2},
        {0, 0, 3, 5, 6},
        {0, 3, 9, 2, 0},
        {2, 2, 8, 1, 1},
        {7, 7, 0, 0, 0},
        {3, 2, 6, 3, 0},
        {2, 5, 3, 2, 2},
        {6, 5, 2, 1, 0},
        {0, 2, 2, 3, 7}
    };

    @Test
    void alphaOfFourObserversWithMissingDataIsThatOfKrippendorff() {
        // Krippendorff (2011), section C: 12 units, 4 observers, nominal alpha 0.743.
        assertThat(ofObservers("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
                        .alpha())
                .isCloseTo(0.743, within(5e-4));
    }

    @Test
    void alphaOfTwoObserversIsThatOfKrippendorff() {
        // Krippendorff (2011), sections A (binary, 0.095) and B (nominal, 0.692).
        assertThat(ofObservers("0100000010", "1110010000").alpha()).isCloseTo(0.095, within(5e-4));
        assertThat(ofObservers("aabbdcccedda", "babbbccceddd").alpha()).isCloseTo(0.692, within(5e-4));
    }

    @Test
    void kappaOfFourteenRatersIsThatOfFleiss() {
        assertThat(of(FOURTEEN_RATERS).kappa()).isCloseTo(0.210, within(5e-4));
    }

    @Test
    void kappaOfUnequalNumbersWeighsCandidatesTheSame() {
        // Two votes that agree, three of which two agree, a single vote.
        Agreement agreement = of(new int[][] {{2, 0}, {2, 1}, {0, 1}});

        double observed = (1 + 2.0 / 6) / 2;
        double first = (1 + 2.0 / 3 + 0) / 3;
        double expected = first * first + (1 - first) * (1 - first);
        assertThat(agreement.kappa()).isCloseTo((observed - expected) / (1 - expected), within(1e-12));
        assertThat(agreement.comparable()).isEqualTo(2);
        assertThat(agreement.votes()).isEqualTo(6);
    }

    @Test
    void fullAgreementIsOneAndRandomVotesAreNearZero() {
        assertThat(of(new int[][] {{3, 0}, {0, 4}, {2, 0}}).alpha()).isEqualTo(1);
        assertThat(of(new int[][] {{3, 0}, {0, 4}, {2, 0}}).kappa()).isEqualTo(1);

        SplittableRandom random = new SplittableRandom(11);
        int[][] counts = new int[20_000][3];
        for (int[] row : counts) {
            for (int i = random.nextInt(2, 7); i > 0; i--) {
                row[random.nextInt(3)]++;
            }
        }
        // The standard error is about 0.003.
        assertThat(of(counts).alpha()).isCloseTo(0, within(0.01));
        assertThat(of(counts).kappa()).isCloseTo(0, within(0.01));
    }

    @Test
    void isNotMeasurableWhereChanceExplainsAll() {
        assertThat(new Agreement(2).alpha()).isNaN();
        assertThat(new Agreement(2).kappa()).isNaN();
        assertThat(of(new int[][] {{1, 0}, {0, 1}}).alpha()).isNaN();
        assertThat(of(new int[][] {{1, 0}, {0, 1}}).kappa()).isNaN();
        assertThat(of(new int[][] {{3, 0}, {2, 0}}).alpha()).isNaN();
        assertThat(of(new int[][] {{3, 0}, {2, 0}}).kappa()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void votesThatCameAndWentLeaveNoTrace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[][] counts = new int[50][4];
        Agreement live = new Agreement(4);
        for (int step = 0; step < 3000; step++) {
            int[] row = counts[random.nextInt(counts.length)];
            int[] before = row.clone();
            int k = random.nextInt(4);
            row[k] += row[k] > 0 && random.nextBoolean() ? -1 : 1;
            live.change(before, row);
        }

        Agreement batch = of(counts);
        assertThat(live.alpha()).isEqualTo(batch.alpha());
        assertThat(live.kappa()).isEqualTo(batch.kappa());
        assertThat(live.votes())
                .isEqualTo(Arrays.stream(counts).flatMapToInt(Arrays::stream).sum());
    }

    @Test
    void refusesCountsOfAnotherShape() {
        assertThatThrownBy(() -> new Agreement(2).change(new int[2], new int[] {1, 2, 3}))
                .hasMessageContaining("[1, 2, 3]")
                .hasMessageContaining("need 2 numbers");
    }

    private static Agreement of(int[][] counts) {
        Agreement agreement = new Agreement(counts[0].length);
        for (int[] row : counts) {
            agreement.change(new int[row.length], row);
        }
        return agreement;
    }

    /** One string an observer, one character a unit; a dot is a missing answer. */
    private static Agreement ofObservers(String... observers) {
        String labels = "012345abcde";
        int units = observers[0].length();
        int[] candidate = new int[units * observers.length];
        int[] volunteer = new int[candidate.length];
        int[] answer = new int[candidate.length];
        int votes = 0;
        for (int v = 0; v < observers.length; v++) {
            for (int c = 0; c < units; c++) {
                if (observers[v].charAt(c) != '.') {
                    candidate[votes] = c;
                    volunteer[votes] = v;
                    answer[votes++] = labels.indexOf(observers[v].charAt(c));
                }
            }
        }
        return Agreement.of(VoteTable.of(
                units,
                observers.length,
                labels.length(),
                Arrays.copyOf(candidate, votes),
                Arrays.copyOf(volunteer, votes),
                Arrays.copyOf(answer, votes)));
    }
}
