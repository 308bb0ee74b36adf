package org.skysieve.engine.select;

/**
 * How often what is claimed with probability p is true, as known truths tell: {@code logit q = offset + slope logit p}
 * (Platt 1999), where q is the share that is true among candidates of claim p. Softened posteriors of a common and a
 * rare class err to different sides; an offset sees that, a temperature does not.
 *
 * <p>Offset and slope have normal priors around "the claims hold" (0 and 1), so that few gold standards move them
 * little and none leave the claims as they are; the posterior is taken as normal at its mode (Laplace), and its
 * covariance goes into every interval. A calibration does not need gold standards that were drawn at random, as a plain
 * count of errors would: of the gold it uses only how truth depends on the claim.
 */
public final class GoldCalibration {
    /** How far claims are off where nobody has checked them, in logits: seen in simulated crowds. */
    static final double OFFSET_WIDTH = 1.5;

    static final double SLOPE_WIDTH = 0.5;

    /** Claims beyond this logit (.0009 and .9991) count as this. */
    static final double MOST = 7;

    private static final int STEPS = 30;

    private final double offset;
    private final double slope;
    private final double varianceOfOffset;
    private final double covariance;
    private final double varianceOfSlope;
    private final double checked;

    private GoldCalibration(
            double offset, double slope, double varianceOfOffset, double covariance, double varianceOfSlope, double n) {
        this.offset = offset;
        this.slope = slope;
        this.varianceOfOffset = varianceOfOffset;
        this.covariance = covariance;
        this.varianceOfSlope = varianceOfSlope;
        this.checked = n;
    }

    /** The claims taken at their word, and that word as sure as prior knowledge makes it. */
    public static GoldCalibration unchecked() {
        return fit(new double[0], new boolean[0], new double[0]);
    }

    /** The claims taken as the truth: for truths that are known. */
    public static GoldCalibration exact() {
        return new GoldCalibration(0, 1, 0, 0, 0, Double.POSITIVE_INFINITY);
    }

    /**
     * Fits offset and slope by Newton's method: the penalised log-likelihood is concave.
     *
     * @param claimed probability of the class, in [0, 1]
     * @param truth whether it is of the class
     * @param weight of each; those of one gold standard should sum to 1
     */
    public static GoldCalibration fit(double[] claimed, boolean[] truth, double[] weight) {
        int n = claimed.length;
        if (truth.length != n || weight.length != n) {
            throw new IllegalArgumentException("gold calibration: got " + n + " claims, " + truth.length
                    + " truths and " + weight.length + " weights, need as many of each");
        }
        double a = 0;
        double b = 1;
        double priorA = 1 / (OFFSET_WIDTH * OFFSET_WIDTH);
        double priorB = 1 / (SLOPE_WIDTH * SLOPE_WIDTH);
        double haa = priorA;
        double hab = 0;
        double hbb = priorB;
        double total = 0;
        for (int step = 0; step < STEPS; step++) {
            double ga = -a * priorA;
            double gb = (1 - b) * priorB;
            haa = priorA;
            hab = 0;
            hbb = priorB;
            total = 0;
            for (int i = 0; i < n; i++) {
                double x = logit(claimed[i]);
                double q = 1 / (1 + Math.exp(-(a + b * x)));
                double off = weight[i] * ((truth[i] ? 1 : 0) - q);
                double h = weight[i] * q * (1 - q);
                ga += off;
                gb += off * x;
                haa += h;
                hab += h * x;
                hbb += h * x * x;
                total += weight[i];
            }
            double det = haa * hbb - hab * hab;
            double da = (hbb * ga - hab * gb) / det;
            double db = (haa * gb - hab * ga) / det;
            // Halved where it would leap: far out the curvature is that of the prior alone.
            double scale = Math.min(1, 1 / Math.max(Math.abs(da), Math.abs(db)));
            a += scale * da;
            b += scale * db;
            if (Math.abs(da) + Math.abs(db) < 1e-10) {
                break;
            }
        }
        double det = haa * hbb - hab * hab;
        return new GoldCalibration(a, b, hbb / det, -hab / det, haa / det, total);
    }

    /** Gold standards that it rests on; infinite for {@link #exact()}. */
    public double checked() {
        return checked;
    }

    public double offset() {
        return offset;
    }

    public double slope() {
        return slope;
    }

    /** The share that is true among candidates of this claim. */
    public double truth(double claimed) {
        return isExact() ? claimed : 1 / (1 + Math.exp(-(offset + slope * logit(claimed))));
    }

    /** By how much {@link #truth} grows with the offset; with the slope, by this times {@link #logit}. */
    double growth(double claimed) {
        double q = truth(claimed);
        return isExact() ? 0 : q * (1 - q);
    }

    /** The variance of what grows by {@code byOffset} and {@code bySlope}. */
    double variance(double byOffset, double bySlope) {
        return Math.max(
                0,
                byOffset * byOffset * varianceOfOffset
                        + 2 * byOffset * bySlope * covariance
                        + bySlope * bySlope * varianceOfSlope);
    }

    private boolean isExact() {
        return varianceOfOffset == 0;
    }

    static double logit(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("gold calibration: got a claim of " + p + ", need [0, 1]");
        }
        return Math.max(-MOST, Math.min(MOST, Math.log(p) - Math.log1p(-p)));
    }
}
