package org.skysieve.engine.math;

/** The standard normal distribution. */
public final class Normal {
    private Normal() {}

    /**
     * The value that a standard normal variable stays below with probability {@code p}: Acklam's rational
     * approximation, polished by one step of Halley's method; relative error below 1e-9.
     *
     * @param p in (0, 1)
     */
    public static double quantile(double p) {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException("normal quantile: got p = " + p + ", need 0 < p < 1");
        }
        double x;
        if (p < 0.02425) {
            x = tail(Math.sqrt(-2 * Math.log(p)));
        } else if (p > 1 - 0.02425) {
            x = -tail(Math.sqrt(-2 * Math.log1p(-p)));
        } else {
            double q = p - 0.5;
            double r = q * q;
            double numerator = ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
                                                    + 1.383577518672690e+02)
                                            * r
                                    - 3.066479806614716e+01)
                            * r
                    + 2.506628277459239e+00;
            double denominator =
                    ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
                                                            + 6.680131188771972e+01)
                                                    * r
                                            - 1.328068155288572e+01)
                                    * r
                            + 1;
            x = numerator * q / denominator;
        }
        double e = cumulative(x) - p;
        double u = e * Math.sqrt(2 * Math.PI) * Math.exp(x * x / 2);
        return x - u / (1 + x * u / 2);
    }

    /** P(Z &lt;= x) by the continued fraction in the tails and the power series near zero; absolute error below 1e-14. */
    public static double cumulative(double x) {
        double z = Math.abs(x);
        double upper;
        if (z < 3) {
            // Phi(z) - 1/2 = phi(z) * (z + z^3/3 + z^5/15 + ...): all terms positive, so nothing cancels.
            double term = z;
            double sum = z;
            for (int k = 1; k < 200 && term > sum * 1e-17; k++) {
                term *= z * z / (2 * k + 1);
                sum += term;
            }
            upper = 0.5 - sum * density(z);
        } else {
            double fraction = z;
            for (int k = 120; k >= 1; k--) {
                fraction = z + k / fraction;
            }
            upper = density(z) / fraction;
        }
        return x > 0 ? 1 - upper : upper;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double tail(double q) {
        double numerator = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q
                                                - 2.549732539343734e+00)
                                        * q
                                + 4.374664141464968e+00)
                        * q
                + 2.938163982698783e+00;
        double denominator = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q
                                + 3.754408661907416e+00)
                        * q
                + 1;
        return numerator / denominator;
    }
}
