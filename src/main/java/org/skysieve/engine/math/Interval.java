package org.skysieve.engine.math;

/** A confidence interval, {@code low <= high}. */
public record Interval(double low, double high) {
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("interval: got [" + low + ", " + high + "], need low <= high");
        }
    }

    /** True where {@code value} lies within, ends included. */
    public boolean covers(double value) {
        return low <= value && value <= high;
    }

    /**
     * Wilson's score interval (1927) for a proportion. It stays within [0, 1] and keeps a width where the proportion
     * is 0 or 1, where the textbook interval p +- z sqrt(p (1 - p) / n) claims certainty.
     *
     * @param proportion in [0, 1]
     * @param n number of trials, > 0; may be fractional (an effective sample size)
     * @param confidence in (0, 1), for example 0.95
     */
    public static Interval wilson(double proportion, double n, double confidence) {
        if (!(proportion >= 0 && proportion <= 1) || !(n > 0) || !(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("wilson: got proportion " + proportion + ", n " + n + ", confidence "
                    + confidence + ", need 0 <= proportion <= 1, n > 0, 0 < confidence < 1");
        }
        double z = Normal.quantile(0.5 + confidence / 2);
        double z2 = z * z;
        double centre = (proportion + z2 / (2 * n)) / (1 + z2 / n);
        double half = z / (1 + z2 / n) * Math.sqrt(proportion * (1 - proportion) / n + z2 / (4 * n * n));
        // The ends are exact at 0 and 1; rounding must not push them past.
        double low = proportion == 0 ? 0 : Math.max(0, centre - half);
        double high = proportion == 1 ? 1 : Math.min(1, centre + half);
        return new Interval(low, high);
    }
}
