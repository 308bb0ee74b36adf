package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AnomalyTest {
    @Test
    void theKeyIsTheScoreAndWhatNobodyHasLookedAtIsNotRanked() {
        assertThat(Anomaly.key(.7)).isEqualTo(.7);
        assertThat(Anomaly.key(Double.NaN)).isNaN();
        assertThat(Anomaly.key(0)).isNaN();
        assertThat(RankingStrategy.of("anomaly")).contains(RankingStrategy.ANOMALY);
        assertThat(RankingStrategy.ANOMALY.partial()).isTrue();
        assertThat(RankingStrategy.ANOMALY.usefulness(.6, .8)).isEqualTo(.6);
    }

    @Test
    void aBatchTakesWhatStandsOutMostOfTheOpenRows() {
        int[] open = {0, 2, 3, 5};
        float[] anomalies = {.4f, .9f, .6f, .45f, .8f, .7f};
        Pool pool = new Pool(2, new int[] {1, 4}, open, halves(8), new double[4], new float[6], 1, anomalies);

        assertThat(new Anomaly().choose(pool, 3, new SplittableRandom(1))).containsExactly(5, 2, 3);
        assertThat(new Anomaly().choose(pool, 9, new SplittableRandom(1))).containsExactly(5, 2, 3, 0);
        assertThat(new Anomaly().draw(pool, 1, new SplittableRandom(1)).probabilities())
                .containsExactly(Double.NaN);
    }

    private static double[] halves(int n) {
        double[] values = new double[n];
        Arrays.fill(values, .5);
        return values;
    }
}
