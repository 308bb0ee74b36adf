package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.skysieve.engine.math.Interval;
import org.skysieve.engine.math.Normal;

/**
 * Estimates of a population from a sample whose inclusion probabilities are known: every unit counts
 * {@code 1 / probability}. Totals are those of Horvitz and Thompson (1952), ratios those of Hajek (1971).
 *
 * <p>The truth may be soft: where nobody knows the class for sure, {@code positive} is its calibrated probability, and
 * the interval includes that doubt (it is as wide as if classes had been drawn with those probabilities). Inclusion
 * must not depend on the truth given the probability. Units count as drawn independently, without a correction for a
 * finite population: intervals are slightly too wide when most of the population is in the sample.
 */
public final class HorvitzThompson {
    private double[] weight = new double[64];
    private double[] positive = new double[64];
    private double[] growth = new double[64];
    private double[] claim = new double[64];
    private double[] labelledIfPositive = new double[64];
    private double[] labelledIfNot = new double[64];
    private final GoldCalibration calibration;
    private int n;

    /** Truths, or probabilities that are taken at their word. */
    public HorvitzThompson() {
        this(GoldCalibration.exact());
    }

    /**
     * Claimed probabilities that stand for what a calibration makes of them; how surely it is known goes into the
     * intervals.
     */
    public HorvitzThompson(GoldCalibration calibration) {
        this.calibration = calibration;
    }

    /**
     * Adds one unit of the sample.
     *
     * @param probability with which it came into the sample, in (0, 1]
     * @param positive 1 if it is of the positive class, 0 if not, between them a calibrated probability
     * @param labelledPositive whether the labels under test call it positive
     */
    public HorvitzThompson add(double probability, double positive, boolean labelledPositive) {
        return add(probability, positive, labelledPositive ? 1 : 0, labelledPositive ? 1 : 0);
    }

    /**
     * Adds one unit whose label is still to come.
     *
     * @param labelledIfPositive the chance that it will be labelled positive if it is, in [0, 1]
     * @param labelledIfNot the same if it is not
     */
    public HorvitzThompson add(double probability, double positive, double labelledIfPositive, double labelledIfNot) {
        if (!(probability > 0 && probability <= 1) || !(positive >= 0 && positive <= 1)) {
            throw new IllegalArgumentException("Horvitz-Thompson: got probability " + probability + ", positive "
                    + positive + ", need (0, 1] and [0, 1]");
        }
        if (n == weight.length) {
            weight = Arrays.copyOf(weight, 2 * n);
            this.positive = Arrays.copyOf(this.positive, 2 * n);
            this.labelledIfPositive = Arrays.copyOf(this.labelledIfPositive, 2 * n);
            this.labelledIfNot = Arrays.copyOf(this.labelledIfNot, 2 * n);
            growth = Arrays.copyOf(growth, 2 * n);
            claim = Arrays.copyOf(claim, 2 * n);
        }
        weight[n] = 1 / probability;
        this.positive[n] = calibration.truth(positive);
        growth[n] = calibration.growth(positive);
        claim[n] = GoldCalibration.logit(positive);
        this.labelledIfPositive[n] = labelledIfPositive;
        this.labelledIfNot[n] = labelledIfNot;
        n++;
        return this;
    }

    /** Units in the sample. */
    public int size() {
        return n;
    }

    /** Units that the labels under test call positive. */
    public int labelledPositive() {
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += labelledIfPositive[i] == 1 ? 1 : 0;
        }
        return count;
    }

    /** Expected units of the positive class. */
    public double positives() {
        return Arrays.stream(positive, 0, n).sum();
    }

    /** Estimated size of the population: the sum of {@code 1 / probability}. */
    public double populationSize() {
        return Arrays.stream(weight, 0, n).sum();
    }

    /** Estimated number of positives in the population. */
    public double positiveTotal() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += weight[i] * positive[i];
        }
        return sum;
    }

    /**
     * An estimated proportion.
     *
     * @param value in [0, 1]; NaN where nothing in the sample bears on it
     * @param low lower end of the confidence interval; 0 where the value is NaN
     * @param high its upper end; 1 where the value is NaN
     * @param effectiveSize the size of a simple random sample that would tell as much
     */
    public record Estimate(double value, double low, double high, double effectiveSize) {}

    /** Share of positives in the population. */
    public Estimate prevalence(double confidence) {
        double[] hit = new double[n];
        double[] miss = new double[n];
        double[] hitGrows = new double[n];
        double[] missGrows = new double[n];
        for (int i = 0; i < n; i++) {
            hit[i] = positive[i];
            miss[i] = 1 - positive[i];
            hitGrows[i] = 1;
            missGrows[i] = -1;
        }
        return share(hit, miss, hitGrows, missGrows, confidence);
    }

    /** Share of true positives among those labelled positive. */
    public Estimate purity(double confidence) {
        double[] hit = new double[n];
        double[] miss = new double[n];
        double[] hitGrows = new double[n];
        double[] missGrows = new double[n];
        for (int i = 0; i < n; i++) {
            hit[i] = labelledIfPositive[i] * positive[i];
            miss[i] = labelledIfNot[i] * (1 - positive[i]);
            hitGrows[i] = labelledIfPositive[i];
            missGrows[i] = -labelledIfNot[i];
        }
        return share(hit, miss, hitGrows, missGrows, confidence);
    }

    /** Share of those labelled positive among the true positives. */
    public Estimate completeness(double confidence) {
        double[] hit = new double[n];
        double[] miss = new double[n];
        double[] hitGrows = new double[n];
        double[] missGrows = new double[n];
        for (int i = 0; i < n; i++) {
            hit[i] = labelledIfPositive[i] * positive[i];
            miss[i] = (1 - labelledIfPositive[i]) * positive[i];
            hitGrows[i] = labelledIfPositive[i];
            missGrows[i] = 1 - labelledIfPositive[i];
        }
        return share(hit, miss, hitGrows, missGrows, confidence);
    }

    /** Which proportion a bootstrap is asked for. */
    public enum Proportion {
        PREVALENCE,
        PURITY,
        COMPLETENESS
    }

    /**
     * Percentile bootstrap (Efron 1979): units are drawn with replacement and soft truths drawn as classes. Slower than
     * the closed intervals and a check on them.
     *
     * @param replicates at least 100
     */
    public Interval bootstrap(Proportion proportion, int replicates, double confidence, SplittableRandom random) {
        if (replicates < 100 || n == 0) {
            throw new IllegalArgumentException(
                    "bootstrap: got " + replicates + " replicates of " + n + " units, need >= 100 of >= 1");
        }
        double[] values = new double[replicates];
        int kept = 0;
        for (int r = 0; r < replicates; r++) {
            double top = 0;
            double bottom = 0;
            for (int k = 0; k < n; k++) {
                int i = random.nextInt(n);
                boolean isPositive = random.nextDouble() < positive[i];
                boolean labelled = (isPositive ? labelledIfPositive[i] : labelledIfNot[i]) > 0.5;
                boolean counts = switch (proportion) {
                    case PREVALENCE -> true;
                    case PURITY -> labelled;
                    case COMPLETENESS -> isPositive;
                };
                boolean hit = proportion == Proportion.COMPLETENESS ? labelled : isPositive;
                bottom += counts ? weight[i] : 0;
                top += counts && hit ? weight[i] : 0;
            }
            if (bottom > 0) {
                values[kept++] = top / bottom;
            }
        }
        if (kept == 0) {
            return new Interval(0, 1);
        }
        double[] sorted = Arrays.copyOf(values, kept);
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2;
        int low = (int) Math.floor(tail * (kept - 1));
        int high = (int) Math.ceil((1 - tail) * (kept - 1));
        return new Interval(sorted[low], sorted[high]);
    }

    /**
     * The weighted share of hits with Wilson's interval at the effective sample size (Korn and Graubard 1998).
     *
     * <p>Taylor linearisation gives a ratio theta the variance {@code V = sum w^2 e^2 / T^2} with
     * {@code T = sum w (hit + miss)} and residuals {@code 1 - theta} for a hit, {@code -theta} for a miss. The trials
     * {@code theta (1 - theta) / V} with the same variance are {@code T / ((1 - theta) W_hit + theta W_miss)}, where
     * {@code W = sum w^2 / sum w} is the mean weight of the hits or misses. One more unit of the largest weight enters
     * each W: with three misses seen their mean weight is hardly known, with none not at all. With equal weights the
     * size is exactly the number of units and the interval is Wilson's own. A limit: where hits were sampled several
     * times as often as misses and fewer than ten misses are seen, a 95 % interval covers about 90 %.
     */
    private Estimate share(double[] hit, double[] miss, double[] hitGrows, double[] missGrows, double confidence) {
        double hits = 0;
        double misses = 0;
        double hitSquares = 0;
        double missSquares = 0;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i];
            hits += w * hit[i];
            misses += w * miss[i];
            hitSquares += w * w * hit[i];
            missSquares += w * w * miss[i];
            largest = hit[i] + miss[i] > 0 ? Math.max(largest, w) : largest;
        }
        double total = hits + misses;
        if (!(total > 0)) {
            return new Estimate(Double.NaN, 0, 1, 0);
        }
        double theta = Math.min(1, hits / total);
        double hitWeight = (hitSquares + largest * largest) / (hits + largest);
        double missWeight = (missSquares + largest * largest) / (misses + largest);
        double effective = total / ((1 - theta) * hitWeight + theta * missWeight);
        Interval sampling = Interval.wilson(theta, effective, confidence);
        double calibrated = calibrationVariance(theta, total, hitGrows, missGrows);
        Interval interval =
                calibrated > 0 ? widened(theta, effective, sampling, Math.sqrt(calibrated), confidence) : sampling;
        return new Estimate(theta, interval.low(), interval.high(), effective);
    }

    /**
     * The variance of theta from an imperfectly known calibration, by the delta method:
     * {@code d theta = (sum w dhit - theta sum w (dhit + dmiss)) / T}.
     */
    private double calibrationVariance(double theta, double total, double[] hitGrows, double[] missGrows) {
        double byOffset = 0;
        double bySlope = 0;
        for (int i = 0; i < n; i++) {
            double grows = weight[i] * growth[i] * (hitGrows[i] - theta * (hitGrows[i] + missGrows[i])) / total;
            byOffset += grows;
            bySlope += grows * claim[i];
        }
        return calibration.variance(byOffset, bySlope);
    }

    /**
     * Joins the two errors where both are about symmetric, in the logit: each end is as far out as the root of the sum of
     * the squared distances (the recovery of variances from intervals, Zou and Donner 2008). On the scale of shares an error
     * of .02 at .98 would reach beyond 1 to one side and not far enough to the other.
     */
    private static Interval widened(
            double theta, double effective, Interval sampling, double error, double confidence) {
        // At 0 and 1 there is no logit: half a hit and half a miss more.
        double inside = (theta * effective + 0.5) / (effective + 1);
        double at = theta > 0 && theta < 1 ? theta : inside;
        double far = Normal.quantile(0.5 + confidence / 2) * error / (inside * (1 - inside));
        double x = logit(at);
        double low = sampling.low() <= 0 ? 0 : expit(x - Math.hypot(Math.max(0, x - logit(sampling.low())), far));
        double high = sampling.high() >= 1 ? 1 : expit(x + Math.hypot(Math.max(0, logit(sampling.high()) - x), far));
        return new Interval(Math.min(low, theta), Math.max(high, theta));
    }

    private static double logit(double p) {
        return Math.log(p) - Math.log1p(-p);
    }

    private static double expit(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
