package org.skysieve.engine.select;

import java.util.Arrays;

import org.skysieve.engine.math.Interval;

/**
 * Estimates over a pool from labels that were drawn one by one, without replacement, each with a known probability: the
 * levelled unbiased risk estimator of Farquhar, Gal and Rainforth (2021), "On statistical bias in active learning: how
 * and when to fix it", ICLR, arXiv:2101.11665.
 *
 * <pre>
 * R = 1/M sum_m v_m L_m,   v_m = 1 + (N - M)/(N - m) (1/((N - m + 1) q_m) - 1)
 * </pre>
 *
 * N rows in the pool, M drawn; q_m is the probability of the m-th given all that had been drawn and learned before it.
 * Unbiased for the mean of L over the pool if no q that could have come up is 0. Where rows were drawn
 * uniformly all v are 1; where all are drawn R is the mean.
 *
 * <p><b>Interval.</b> {@code a_m = L_m / (N q_m) + 1/N sum_{t < m} L_t} has the pool's mean as its expectation given the past
 * (their section 3), and {@code R = 1/M sum_m c_m a_m} with {@code c_m = N (N - M) / ((N - m)(N - m + 1))}, so {@code R} minus
 * the mean is a sum of martingale differences, which do not correlate. {@code V = 1/M^2 sum c_m^2 (a_m - R)^2} estimates its
 * variance, whatever the rule of choice learned on the way. A ratio is taken by its linearised residuals. The interval is
 * Wilson's at the effective size {@code theta (1 - theta) / V}, at most Kish's {@code (sum v)^2 / sum v^2} of the rows that bear on it, which
 * keeps a width where no miss has been seen.
 */
public final class Lure {
    private final int pool;
    private double[] probability = new double[64];
    private double[] hit = new double[64];
    private double[] miss = new double[64];
    private int drawn;

    /** @param pool N, the rows that could be drawn at the beginning, at least 1 */
    public Lure(int pool) {
        if (pool < 1) {
            throw new IllegalArgumentException("LURE: got a pool of " + pool + " rows, need at least 1");
        }
        this.pool = pool;
    }

    /**
     * The next row that was drawn.
     *
     * @param q the probability of drawing it from the rows then left, in (0, 1]
     * @param hit what it adds to the top and to the bottom of the proportion, at least 0
     * @param miss what it adds to the bottom alone, at least 0; a row that does not bear on the proportion adds neither, but
     *     must be told, too
     */
    public Lure add(double q, double hit, double miss) {
        if (!(q > 0 && q <= 1) || !(hit >= 0 && miss >= 0)) {
            throw new IllegalArgumentException(
                    "LURE: got probability " + q + ", hit " + hit + ", miss " + miss + ", need (0, 1], >= 0 and >= 0");
        }
        if (drawn == pool) {
            throw new IllegalStateException("LURE: all " + pool + " rows of the pool are drawn already");
        }
        if (drawn == probability.length) {
            probability = Arrays.copyOf(probability, 2 * drawn);
            this.hit = Arrays.copyOf(this.hit, 2 * drawn);
            this.miss = Arrays.copyOf(this.miss, 2 * drawn);
        }
        probability[drawn] = q;
        this.hit[drawn] = hit;
        this.miss[drawn] = miss;
        drawn++;
        return this;
    }

    /** M. */
    public int size() {
        return drawn;
    }

    /** v_m for m = 1..M, at index m - 1. */
    public double[] weights() {
        double[] v = new double[drawn];
        for (int m = 1; m <= drawn; m++) {
            double levelled = drawn == pool ? 0 : (double) (pool - drawn) / (pool - m);
            v[m - 1] = 1 + levelled * (1 / ((pool - m + 1) * probability[m - 1]) - 1);
        }
        return v;
    }

    /** The mean of the hits over the pool, where every row is a hit or a miss: no ratio, so exactly unbiased. */
    public double mean() {
        return drawn == 0 ? Double.NaN : weighted(hit) / drawn;
    }

    /** The share of hits among hits and misses; exactly unbiased only where each row is one or the other and N is known. */
    public HorvitzThompson.Estimate share(double confidence) {
        double[] v = weights();
        double hits = weighted(hit);
        double total = hits + weighted(miss);
        if (!(total > 0)) {
            return new HorvitzThompson.Estimate(Double.NaN, 0, 1, 0);
        }
        double theta = Math.min(1, hits / total);
        double sum = 0;
        double squares = 0;
        for (int m = 0; m < drawn; m++) {
            double bears = v[m] * (hit[m] + miss[m]);
            sum += bears;
            squares += bears * bears;
        }
        double kish = sum * sum / squares;
        // At 0 and 1 nothing varies that has been seen: half a hit and half a miss more.
        double inside = (theta * kish + 0.5) / (kish + 1);
        double mean = total / drawn;
        double variance = variance(theta) / (mean * mean);
        double effective = Math.min(variance > 0 ? inside * (1 - inside) / variance : kish, kish);
        Interval interval = Interval.wilson(theta, effective, confidence);
        return new HorvitzThompson.Estimate(theta, interval.low(), interval.high(), effective);
    }

    /** Of 1/M sum v e with the residuals e = hit - theta (hit + miss), whose estimate is 0 by the choice of theta. */
    private double variance(double theta) {
        double before = 0;
        double sum = 0;
        for (int m = 1; m <= drawn; m++) {
            double residual = hit[m - 1] - theta * (hit[m - 1] + miss[m - 1]);
            double a = residual / (pool * probability[m - 1]) + before / pool;
            double c = m == pool ? 0 : (double) pool * (pool - drawn) / ((double) (pool - m) * (pool - m + 1));
            sum += c * c * a * a;
            before += residual;
        }
        return sum / ((double) drawn * drawn);
    }

    private double weighted(double[] loss) {
        double[] v = weights();
        double sum = 0;
        for (int m = 0; m < drawn; m++) {
            sum += v[m] * loss[m];
        }
        return sum;
    }
}
