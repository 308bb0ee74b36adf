package org.skysieve.candidate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class EvaluationSampleTest {
    @Test
    void takesItsShareOfNamesThatHardlyDiffer() {
        int chosen = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            chosen += EvaluationSample.contains("ztf", "ZTF21aaaa" + i, 0.2) ? 1 : 0;
        }

        assertThat(chosen / (double) n).isCloseTo(0.2, within(4 * Math.sqrt(0.2 * 0.8 / n)));
    }

    @Test
    void neighboursInTheListFallIndependently() {
        int both = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            both += EvaluationSample.contains("lsst", "" + (169298432598474793L + i), 0.2)
                            && EvaluationSample.contains("lsst", "" + (169298432598474794L + i), 0.2)
                    ? 1
                    : 0;
        }

        // Neighbouring pairs overlap, which widens the error a little.
        assertThat(both / (double) n).isCloseTo(0.04, within(6 * Math.sqrt(0.04 * 0.96 / n)));
    }

    @Test
    void neverChangesItsMind() {
        // Stored rows depend on these numbers.
        assertThat(EvaluationSample.uniform("ztf", "ZTF21abiuvdk")).isEqualTo(0.6582133700969482);
        assertThat(EvaluationSample.contains("ztf", "a", 0)).isFalse();
        assertThat(EvaluationSample.contains("ztf", "a", 1)).isTrue();
    }
}
