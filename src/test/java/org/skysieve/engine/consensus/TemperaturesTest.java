package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TemperaturesTest {
    private static final double RIGHT = 0.75;

    @Test
    void matricesThatClaimTwiceTooMuchAreHalved() {
        Temperatures fitted = Temperatures.fit(cases(800, 6, 2, 0), 2, 0.1);

        // Independent votes, each claimed twice: T(n) = 2 for every n, with a standard error of .15 from one vote each.
        assertThat(fitted.votes().lone()).isCloseTo(2, within(0.45));
        assertThat(fitted.votes().of(4)).isCloseTo(2, within(0.3));
        assertThat(fitted.votes().correlation()).isLessThan(0.1);
        assertThat(fitted.goldUsed()).isEqualTo(800);
    }

    @Test
    void votesThatAreCopiesOfOneAreWorthOne() {
        Temperatures fitted = Temperatures.fit(cases(800, 6, 1, 1), 2, 0.1);

        // T(n) = n: n copies say what one does.
        assertThat(fitted.votes().lone()).isCloseTo(1, within(0.3));
        assertThat(fitted.votes().of(4)).isCloseTo(4, within(0.8));
    }

    @Test
    void withFewGoldStandardsTheTemperaturesAreWhatIsExpected() {
        Temperatures fitted = Temperatures.fit(cases(Temperatures.MIN_GOLD - 1, 6, 2, 0), 2, 0.1);

        assertThat(fitted).isEqualTo(new Temperatures(new VoteTemperature(1, 0.1), 1, 0));
    }

    @Test
    void manyGoldStandardsAreThinnedAndTellTheSame() {
        Temperatures fitted = Temperatures.fit(cases(5_000, 6, 2, 0), 2, 0.1);

        assertThat(fitted.votes().of(4)).isCloseTo(2, within(0.3));
        assertThat(fitted.goldUsed()).isEqualTo(5_000);
    }

    /** Even classes; {@code copied} is how likely a vote repeats the first one. */
    private static List<Temperatures.Case> cases(int count, int votes, double claim, double copied) {
        SplittableRandom random = new SplittableRandom(3);
        List<Temperatures.Case> cases = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int truth = random.nextInt(2);
            double[] terms = new double[(2 + votes) * 2];
            terms[0] = Math.log(0.5);
            terms[1] = Math.log(0.5);
            int first = -1;
            for (int i = 0; i < votes; i++) {
                int answer = random.nextDouble() < RIGHT ? truth : 1 - truth;
                answer = i > 0 && random.nextDouble() < copied ? first : answer;
                first = i == 0 ? answer : first;
                for (int t = 0; t < 2; t++) {
                    terms[(2 + i) * 2 + t] = claim * Math.log(t == answer ? RIGHT : 1 - RIGHT);
                }
            }
            cases.add(new Temperatures.Case(terms, votes, false, truth));
        }
        return cases;
    }
}
