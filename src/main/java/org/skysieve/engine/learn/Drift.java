package org.skysieve.engine.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.skysieve.engine.math.Normal;

/**
 * Whether values still come from the distribution that a model was made for.
 *
 * <p>The population stability index is the symmetrised Kullback-Leibler divergence between the shares of a few bins,
 * {@code sum_b (q_b - p_b) ln(q_b / p_b)}, over the tenths of the reference and one bin for "not measured" (Jeffreys
 * 1946; as an index of scorecards, Siddiqi 2006, where below .1 is called stable and above .25 a major shift). It says how
 * large a shift is. The two-sample Kolmogorov-Smirnov test (Smirnov 1948) says whether chance explains it, and where many
 * features are tested at once its p-values are adjusted by Holm (1979). What counts as drift is large and no chance.
 */
public final class Drift {
    /** From here on a shift is worth a look. */
    public static final double MODERATE = .1;

    /** From here on it is a major one. */
    public static final double MAJOR = .25;

    /** A shift counts only below this adjusted p-value. */
    public static final double SIGNIFICANT = .01;

    private static final int BINS = 10;

    private Drift() {}

    /** How large, in words. */
    public enum Level {
        STABLE,
        MODERATE,
        MAJOR;

        /** In lower case, as reports write it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One quantity then and now.
     *
     * @param count values now, measured or not
     * @param psi population stability index, 0 and above; NaN without values on one side
     * @param ks largest distance of the two cumulative distributions, in [0, 1]; NaN without measured values on one side
     * @param p of the Kolmogorov-Smirnov test, or of the change in the share not measured, whichever is smaller, times
     *     two; adjusted for all quantities that were tested together
     */
    public record Shift(String name, long count, double psi, double ks, double p, Level level) {}

    /**
     * Compares several quantities at once.
     *
     * @param names one a quantity
     * @param reference one a quantity
     * @param now {@code [quantity][value]}, NaN for "not measured"
     * @return in the given order
     */
    public static List<Shift> compare(List<String> names, List<Quantiles> reference, double[][] now) {
        if (names.size() != reference.size() || names.size() != now.length) {
            throw new IllegalArgumentException("drift: got " + names.size() + " names, " + reference.size()
                    + " references and " + now.length + " samples, need as many of each");
        }
        double[] p = new double[now.length];
        double[] psi = new double[now.length];
        double[] ks = new double[now.length];
        for (int i = 0; i < now.length; i++) {
            Quantiles then = reference.get(i);
            double[] measured =
                    Arrays.stream(now[i]).filter(v -> !Double.isNaN(v)).sorted().toArray();
            psi[i] = stabilityIndex(then, now[i]);
            ks[i] = distance(then, measured);
            double missing = missingP(then.count(), then.missing(), measured.length, now[i].length - measured.length);
            double shape = Double.isNaN(ks[i]) ? 1 : ksP(ks[i], then.count(), measured.length);
            // Two looks at one quantity (Bonferroni).
            p[i] = Math.min(1, 2 * Math.min(shape, missing));
        }
        double[] adjusted = holm(p);
        List<Shift> shifts = new ArrayList<>(now.length);
        for (int i = 0; i < now.length; i++) {
            Level level = !(adjusted[i] < SIGNIFICANT) || !(psi[i] >= MODERATE)
                    ? Level.STABLE
                    : psi[i] >= MAJOR ? Level.MAJOR : Level.MODERATE;
            shifts.add(new Shift(names.get(i), now[i].length, psi[i], ks[i], adjusted[i], level));
        }
        return shifts;
    }

    /**
     * The population stability index. An empty share counts as half a value, so that the logarithm stays finite.
     *
     * @param now NaN for "not measured"
     */
    public static double stabilityIndex(Quantiles reference, double[] now) {
        double all = reference.count() + reference.missing();
        if (all == 0 || now.length == 0) {
            return Double.NaN;
        }
        double[] p = new double[BINS + 1];
        double[] q = new double[BINS + 1];
        double[] edges = new double[BINS + 1];
        for (int b = 0; b <= BINS && reference.count() > 0; b++) {
            edges[b] = reference.at(b / (double) BINS);
        }
        for (int b = 0; b < BINS && reference.count() > 0; b++) {
            // Many equal values make several edges the same: all of them fall into the first of those bins.
            double upper = b == BINS - 1 ? 1 : reference.upTo(edges[b + 1]);
            double lower = b == 0 ? 0 : reference.upTo(edges[b]);
            p[b] = Math.max(0, upper - lower) * reference.count() / all;
        }
        p[BINS] = reference.missing() / all;
        for (double value : now) {
            int bin = BINS;
            if (!Double.isNaN(value)) {
                bin = 0;
                while (bin < BINS - 1 && (reference.count() == 0 || value > edges[bin + 1])) {
                    bin++;
                }
            }
            q[bin] += 1. / now.length;
        }
        double sum = 0;
        for (int b = 0; b <= BINS; b++) {
            if (p[b] > 0 || q[b] > 0) {
                double then = Math.max(p[b], .5 / all);
                double here = Math.max(q[b], .5 / now.length);
                sum += (here - then) * Math.log(here / then);
            }
        }
        return sum;
    }

    /**
     * The Kolmogorov-Smirnov distance between a sample and a reference that is known by its quantiles.
     *
     * @param sorted measured values, rising
     */
    static double distance(Quantiles reference, double[] sorted) {
        if (reference.count() == 0 || sorted.length == 0) {
            return Double.NaN;
        }
        double largest = 0;
        for (int i = 0; i < sorted.length; ) {
            int end = i;
            while (end < sorted.length && sorted[end] == sorted[i]) {
                end++;
            }
            double below = Math.abs(i / (double) sorted.length - reference.below(sorted[i]));
            double upTo = Math.abs(end / (double) sorted.length - reference.upTo(sorted[i]));
            largest = Math.max(largest, Math.max(below, upTo));
            i = end;
        }
        return largest;
    }

    /**
     * P(a distance at least as large | both samples come from one distribution), from Kolmogorov's limit with Stephens'
     * (1970) correction for small samples; for values with ties it is too large, which errs to caution.
     */
    static double ksP(double distance, long n, long m) {
        double effective = Math.sqrt((double) n * m / (n + m));
        double x = (effective + .12 + .11 / effective) * distance;
        if (x < .2) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            double term = Math.exp(-2. * k * k * x * x);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-16) {
                break;
            }
        }
        return Math.min(1, Math.max(0, 2 * sum));
    }

    /** Two-sided p-value of two shares being one (the pooled z-test); 1 where nothing is, or all is, missing. */
    private static double missingP(long count, long missing, long countNow, long missingNow) {
        double n = count + missing;
        double m = countNow + missingNow;
        double pooled = (missing + missingNow) / (n + m);
        if (!(n > 0 && m > 0) || pooled == 0 || pooled == 1) {
            return 1;
        }
        double z = (missingNow / m - missing / n) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
        return 2 * Normal.cumulative(-Math.abs(z));
    }

    /** Adjusts p-values so that any one below a level is a false alarm with at most that probability (Holm 1979). */
    static double[] holm(double[] p) {
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(p[a], p[b]));
        double[] adjusted = new double[p.length];
        double running = 0;
        for (int i = 0; i < order.length; i++) {
            running = Math.max(running, Math.min(1, (order.length - i) * p[order[i]]));
            adjusted[order[i]] = running;
        }
        return adjusted;
    }
}
