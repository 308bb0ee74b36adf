package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Maps a model's raw class probabilities to ones that come true as often as they say. Vector scaling (Guo et al. 2017,
 * arXiv:1706.04599) with one slope a class and one offset a class on the log probabilities:
 * {@code z_k = slope_k ln p_k + offset_k}, {@code q = softmax(z)}. With two classes this is beta calibration (Kull et
 * al. 2017): {@code logit q = a ln p - b ln(1 - p) + c}. Slopes are kept positive, so with two classes the order of
 * the rows stays. Immutable.
 */
public final class Calibration {
    /** Raw probabilities are cut here: a hundred trees that agree do not mean certainty. */
    static final double LEAST = 2e-3;

    /** Prior precision of slopes around 1 and offsets around 0, in rows: a handful of labels moves little. */
    private static final double PRIOR = 2;

    private static final double LEAST_SLOPE = .05;
    private static final int ROUNDS = 60;

    private final double[] slope;
    private final double[] offset;

    private Calibration(double[] slope, double[] offset) {
        this.slope = slope;
        this.offset = offset;
    }

    /** Leaves probabilities as they are, but for the cut at 0.002. */
    public static Calibration none(int classes) {
        double[] slope = new double[classes];
        Arrays.fill(slope, 1);
        return new Calibration(slope, new double[classes]);
    }

    /**
     * Fits slopes and offsets by penalised maximum likelihood.
     *
     * @param raw out-of-bag or held-out probabilities, {@code [row * classes + class]}; rows with NaN are skipped
     * @param targets {@code [row * classes + class]}
     * @param weights one a row; a row of weight 1 counts as one observation
     */
    public static Calibration fit(double[] raw, double[] targets, int classes, double[] weights) {
        if (raw.length != targets.length || raw.length != (long) weights.length * classes) {
            throw new IllegalArgumentException("calibration: got " + raw.length + " probabilities and " + targets.length
                    + " targets, need rows * classes = " + weights.length + " * " + classes);
        }
        double[] slope = new double[classes];
        Arrays.fill(slope, 1);
        double[] offset = new double[classes];
        double[] logs = new double[raw.length];
        boolean[] usable = new boolean[weights.length];
        for (int i = 0; i < weights.length; i++) {
            usable[i] = weights[i] > 0 && logs(raw, i * classes, classes, logs, i * classes);
        }
        // Newton steps with backtracking: the problem is convex, and a bound on the slopes is easy to hold.
        double loss = loss(logs, targets, classes, weights, usable, slope, offset);
        double[] q = new double[classes];
        for (int round = 0; round < ROUNDS; round++) {
            int size = 2 * classes;
            double[] gradient = new double[size];
            double[][] hessian = new double[size][size];
            for (int k = 0; k < classes; k++) {
                gradient[k] = PRIOR * (slope[k] - 1);
                gradient[classes + k] = PRIOR * offset[k];
                hessian[k][k] = PRIOR;
                hessian[classes + k][classes + k] = PRIOR;
            }
            for (int i = 0; i < weights.length; i++) {
                if (!usable[i]) {
                    continue;
                }
                softmax(logs, i * classes, slope, offset, q);
                accumulate(logs, targets, i * classes, weights[i], q, gradient, hessian);
            }
            double[] step = solve(hessian, gradient);
            double before = loss;
            double scale = 1;
            boolean improved = false;
            for (int half = 0; half < 20 && !improved; half++, scale /= 2) {
                double[] newSlope = new double[classes];
                double[] newOffset = new double[classes];
                for (int k = 0; k < classes; k++) {
                    newSlope[k] = Math.max(LEAST_SLOPE, slope[k] - scale * step[k]);
                    newOffset[k] = offset[k] - scale * step[classes + k];
                }
                double newLoss = loss(logs, targets, classes, weights, usable, newSlope, newOffset);
                if (newLoss < loss) {
                    loss = newLoss;
                    slope = newSlope;
                    offset = newOffset;
                    improved = true;
                }
            }
            if (!improved || before - loss < 1e-9 * Math.abs(before)) {
                break;
            }
        }
        return new Calibration(slope, offset);
    }

    private static boolean logs(double[] raw, int from, int classes, double[] logs, int to) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += Math.max(raw[from + k], LEAST);
        }
        for (int k = 0; k < classes; k++) {
            logs[to + k] = Math.log(Math.max(raw[from + k], LEAST) / sum);
        }
        return !Double.isNaN(sum);
    }

    private static void softmax(double[] logs, int from, double[] slope, double[] offset, double[] q) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < q.length; k++) {
            q[k] = slope[k] * logs[from + k] + offset[k];
            max = Math.max(max, q[k]);
        }
        double sum = 0;
        for (int k = 0; k < q.length; k++) {
            q[k] = Math.exp(q[k] - max);
            sum += q[k];
        }
        for (int k = 0; k < q.length; k++) {
            q[k] /= sum;
        }
    }

    private static void accumulate(
            double[] logs,
            double[] targets,
            int from,
            double weight,
            double[] q,
            double[] gradient,
            double[][] hessian) {
        int classes = q.length;
        for (int k = 0; k < classes; k++) {
            double residual = weight * (q[k] - targets[from + k]);
            gradient[k] += residual * logs[from + k];
            gradient[classes + k] += residual;
            for (int m = 0; m < classes; m++) {
                double curvature = weight * ((k == m ? q[k] : 0) - q[k] * q[m]);
                hessian[k][m] += curvature * logs[from + k] * logs[from + m];
                hessian[k][classes + m] += curvature * logs[from + k];
                hessian[classes + k][m] += curvature * logs[from + m];
                hessian[classes + k][classes + m] += curvature;
            }
        }
    }

    private static double loss(
            double[] logs,
            double[] targets,
            int classes,
            double[] weights,
            boolean[] usable,
            double[] slope,
            double[] offset) {
        double loss = 0;
        for (int k = 0; k < classes; k++) {
            loss += PRIOR / 2 * ((slope[k] - 1) * (slope[k] - 1) + offset[k] * offset[k]);
        }
        double[] q = new double[classes];
        for (int i = 0; i < weights.length; i++) {
            if (usable[i]) {
                softmax(logs, i * classes, slope, offset, q);
                for (int k = 0; k < classes; k++) {
                    loss -= weights[i] * targets[i * classes + k] * Math.log(Math.max(q[k], 1e-300));
                }
            }
        }
        return loss;
    }

    /** Solves a small symmetric positive definite system by elimination; the prior keeps it regular. */
    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        double[][] a = new double[n][];
        Arrays.setAll(a, i -> matrix[i].clone());
        double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double factor = a[j][i] / a[i][i];
                for (int k = i; k < n; k++) {
                    a[j][k] -= factor * a[i][k];
                }
                x[j] -= factor * x[i];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }

    public int classes() {
        return slope.length;
    }

    /** Calibrated probabilities of one row, {@code [class]}. */
    public double[] apply(double[] raw) {
        double[] all = raw.clone();
        applyAll(all);
        return all;
    }

    /** Calibrates {@code [row * classes + class]} in place. */
    public void applyAll(double[] probabilities) {
        int classes = slope.length;
        if (probabilities.length % classes != 0) {
            throw new IllegalArgumentException("calibration: got " + probabilities.length
                    + " probabilities, need a multiple of " + classes + " classes");
        }
        double[] logs = new double[classes];
        double[] q = new double[classes];
        for (int from = 0; from < probabilities.length; from += classes) {
            logs(probabilities, from, classes, logs, 0);
            softmax(logs, 0, slope, offset, q);
            System.arraycopy(q, 0, probabilities, from, classes);
        }
    }

    /** One a class. */
    double[] slopes() {
        return slope.clone();
    }

    /** One a class. */
    double[] offsets() {
        return offset.clone();
    }

    /** @throws IllegalArgumentException if the two differ in length or a value is not finite */
    static Calibration of(double[] slope, double[] offset) {
        if (slope.length != offset.length
                || !Arrays.stream(slope).allMatch(Double::isFinite)
                || !Arrays.stream(offset).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("calibration: got slopes " + Arrays.toString(slope) + " and offsets "
                    + Arrays.toString(offset) + ", need as many of both, all finite");
        }
        return new Calibration(slope.clone(), offset.clone());
    }

    void write(DataOutput out) throws IOException {
        out.writeShort(slope.length);
        for (int k = 0; k < slope.length; k++) {
            out.writeDouble(slope[k]);
            out.writeDouble(offset[k]);
        }
    }

    static Calibration read(DataInput in) throws IOException {
        int classes = in.readUnsignedShort();
        double[] slope = new double[classes];
        double[] offset = new double[classes];
        for (int k = 0; k < classes; k++) {
            slope[k] = in.readDouble();
            offset[k] = in.readDouble();
        }
        return new Calibration(slope, offset);
    }

    @Override
    public String toString() {
        return "Calibration[slope " + Arrays.toString(slope) + ", offset " + Arrays.toString(offset) + "]";
    }
}
