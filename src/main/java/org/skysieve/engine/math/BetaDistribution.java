package org.skysieve.engine.math;

/**
 * The beta distribution with shapes {@code a, b > 0}: what is known about a rate after {@code a - 1} successes and
 * {@code b - 1} failures on a flat prior.
 *
 * <p>Source: the continued fraction of the regularised incomplete beta function (DLMF 8.17.22) by Lentz's method.
 */
public record BetaDistribution(double a, double b) {
    public BetaDistribution {
        if (!(a > 0 && b > 0) || Double.isInfinite(a) || Double.isInfinite(b)) {
            throw new IllegalArgumentException("beta: got shapes " + a + " and " + b + ", need finite and > 0");
        }
    }

    public double mean() {
        return a / (a + b);
    }

    /** P(X <= x): the regularised incomplete beta function I_x(a, b). */
    public double cdf(double x) {
        if (Double.isNaN(x)) {
            throw new IllegalArgumentException("beta cdf: got NaN, need a number");
        }
        if (x <= 0) {
            return 0;
        }
        if (x >= 1) {
            return 1;
        }
        double logFactor = a * StrictMath.log(x) + b * StrictMath.log1p(-x) - logBeta(a, b);
        double factor = StrictMath.exp(logFactor);
        // The fraction converges fast only left of the mean; the symmetry I_x(a,b) = 1 - I_{1-x}(b,a) covers the rest.
        return x < (a + 1) / (a + b + 2)
                ? factor * continuedFraction(x, a, b) / a
                : 1 - factor * continuedFraction(1 - x, b, a) / b;
    }

    /** The x in [0, 1] with cdf(x) = p, to about 1e-15, by bisection. */
    public double quantile(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("beta quantile: got p = " + p + ", need 0 <= p <= 1");
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (cdf(middle) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double logBeta(double a, double b) {
        return LogGamma.of(a) + LogGamma.of(b) - LogGamma.of(a + b);
    }

    private static double continuedFraction(double x, double a, double b) {
        double tiny = 1e-300;
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1), tiny);
        double result = d;
        for (int m = 1; m <= 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d, tiny);
            c = away(1 + even / c, tiny);
            result *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d, tiny);
            c = away(1 + odd / c, tiny);
            double step = d * c;
            result *= step;
            if (Math.abs(step - 1) < 1e-15) {
                break;
            }
        }
        return result;
    }

    private static double away(double value, double tiny) {
        return Math.abs(value) < tiny ? tiny : value;
    }
}
