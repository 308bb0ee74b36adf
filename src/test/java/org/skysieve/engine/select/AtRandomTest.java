package org.skysieve.engine.select;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AtRandomTest {
    @Test
    void placesAreUniformAndHaveNothingToDoWithTheOrderOfIds() {
        int n = 100_000;
        int[] tenths = new int[10];
        double product = 0;
        for (int id = 1; id <= n; id++) {
            double place = AtRandom.key(id, false);
            tenths[(int) (10 * place)]++;
            product += (place - 0.5) * (AtRandom.key(id + 1L, false) - 0.5);
        }

        // Binomial: sqrt(n * .1 * .9) = 95; five of those.
        for (int count : tenths) {
            assertThat(count).isCloseTo(n / 10, within(475));
        }
        // Covariance of neighbours: (1 / 12) / sqrt(n) = .00026.
        assertThat(product / n).isCloseTo(0, within(0.0013));
    }

    @Test
    void whatHasBegunComesFirstAndThePlaceStays() {
        assertThat(AtRandom.key(7, true)).isEqualTo(1 + AtRandom.key(7, false)).isGreaterThanOrEqualTo(1);
    }
}
