package org.skysieve.engine.math;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BetaDistributionTest {
    private static final Offset<Double> TIGHT = Offset.offset(1e-12);

    @Test
    void closedForms() {
        // Uniform; powers; the arcsine law.
        assertThat(new BetaDistribution(1, 1).cdf(0.3)).isCloseTo(0.3, TIGHT);
        assertThat(new BetaDistribution(3, 1).cdf(0.5)).isCloseTo(0.125, TIGHT);
        assertThat(new BetaDistribution(1, 4).cdf(0.2)).isCloseTo(1 - Math.pow(0.8, 4), TIGHT);
        assertThat(new BetaDistribution(0.5, 0.5).cdf(0.25)).isCloseTo(2 / Math.PI * Math.asin(0.5), TIGHT);
    }

    @Test
    void integerShapesAreBinomialTails() {
        // I_x(a, b) = P(Binomial(a + b - 1, x) >= a)
        double tail = 0;
        for (int k = 30; k <= 79; k++) {
            double term = Math.pow(0.35, k) * Math.pow(0.65, 79 - k);
            for (int i = 0; i < k; i++) {
                term *= (79.0 - i) / (i + 1);
            }
            tail += term;
        }

        assertThat(new BetaDistribution(30, 50).cdf(0.35)).isCloseTo(tail, Offset.offset(1e-11));
    }

    @Test
    void quantileInvertsCdf() {
        for (double a : new double[] {0.3, 1, 7, 400, 90_000}) {
            for (double p : new double[] {0.001, 0.025, 0.5, 0.975}) {
                BetaDistribution beta = new BetaDistribution(a, 2.5);

                assertThat(beta.cdf(beta.quantile(p))).as("a %s p %s", a, p).isCloseTo(p, Offset.offset(1e-8));
            }
        }
    }

    @Test
    void refusesShapesThatAreNone() {
        assertThatThrownBy(() -> new BetaDistribution(0, 1)).hasMessageContaining("got shapes 0.0 and 1.0");
    }
}
