package org.skysieve.engine.learn;

import java.util.Arrays;

import org.skysieve.engine.image.Cutout;

/**
 * One cutout in units of its own noise: {@code (pixel - median) / sigma}, sigma being 1.4826 times the median absolute
 * deviation. Holds the measurements that {@link CutoutFeatures} makes on each of the three images. Scratch that is
 * loaded again and again; not for several threads.
 *
 * <p>Positions are in pixels of the stamp; the Moffat profile with beta = 3, {@code (1 + r^2 / alpha^2)^-3}, stands for
 * the point-spread function (Moffat 1969; its wings are nearer to the surveys' than a Gaussian's).
 */
final class Stamp {
    /** FWHM of the profile in units of alpha: 2 sqrt(2^(1/3) - 1). */
    private static final double FWHM_IN_ALPHA = 2 * Math.sqrt(Math.cbrt(2) - 1);

    /** Medians are taken from at most about this many pixels. */
    private static final int MAX_SORTED = 5000;

    /** Factors on the seeing that {@link #fitWidth} tries. */
    private static final double[] WIDTHS = {.35, .5, .7, 1, 1.4, 2, 2.8};

    int width;
    int height;
    /** In units of sigma; NaN where masked. Row-major; only the first {@code width * height} count. */
    float[] value = new float[0];

    private float[] sorted = new float[0];
    boolean present;
    /** One sigma in the survey's unit. */
    double sigma;
    /** Masked pixels over all. */
    double maskedFraction;
    /** The largest pixel. */
    double brightest;

    // Results of psfFit and moments.
    double amplitude;
    double snr;
    double correlation;
    double widthLog2;
    double widthGain;
    double momentRadius;
    double elongation;
    double centroidX;
    double centroidY;

    void clear() {
        present = false;
        width = 0;
        height = 0;
        sigma = Double.NaN;
    }

    void load(Cutout cutout) {
        size(cutout.width(), cutout.height());
        cutout.copyTo(value, 0);
        normalise();
    }

    /** Loads the difference of two stamps of one size, in the survey's unit. */
    void loadDifference(Cutout science, Cutout template) {
        size(science.width(), science.height());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                value[y * width + x] = science.at(x, y) - template.at(x, y);
            }
        }
        normalise();
    }

    private void size(int w, int h) {
        width = w;
        height = h;
        if (value.length < w * h) {
            value = new float[w * h];
        }
    }

    private void normalise() {
        int n = width * height;
        int finite = 0;
        for (int i = 0; i < n; i++) {
            if (!Float.isNaN(value[i])) {
                finite++;
            }
        }
        maskedFraction = 1 - (double) finite / n;
        present = finite >= 9;
        if (!present) {
            sigma = Double.NaN;
            return;
        }
        int step = Math.max(1, finite / MAX_SORTED);
        if (sorted.length < n) {
            sorted = new float[n];
        }
        int count = 0;
        for (int i = 0, seen = 0; i < n; i++) {
            if (!Float.isNaN(value[i]) && seen++ % step == 0) {
                sorted[count++] = value[i];
            }
        }
        float median = smallest(sorted, count, count / 2);
        for (int i = 0; i < count; i++) {
            sorted[i] = Math.abs(sorted[i] - median);
        }
        sigma = 1.4826 * smallest(sorted, count, count / 2);
        if (!(sigma > 0)) {
            // More than half of the pixels are equal (clipped or filled): the mean deviation still has a scale.
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += sorted[i];
            }
            sigma = 1.2533 * sum / count;
        }
        if (!(sigma > 0)) {
            present = false;
            return;
        }
        double inverse = 1 / sigma;
        brightest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            value[i] = (float) ((value[i] - median) * inverse);
            if (value[i] > brightest) {
                brightest = value[i];
            }
        }
    }

    /** From so many pixels the bracket around the one that is looked for is guessed; with so many it pays. */
    private static final int GUESSED_BY = 63;

    private static final int WORTH_GUESSING = 600;

    /** Half of the bracket, in ranks of the guess, whose standard deviation is at most 4. */
    private static final int BRACKET = 9;

    private final float[] guess = new float[GUESSED_BY];
    private float[] bracketed = new float[0];
    private float[] bracketedAgain = new float[0];

    /** The k-th smallest of the first n; reorders them. */
    float smallest(float[] a, int n, int k) {
        if (bracketed.length <= n) {
            bracketed = new float[n + 1];
            bracketedAgain = new float[n + 1];
        }
        return smallest(a, n, k, bracketed, bracketedAgain);
    }

    /**
     * Few of the pixels come near the one that is looked for, so they are sorted out first, without a branch that nobody can
     * predict (the idea of Floyd and Rivest 1975, doi:10.1145/360680.360691).
     */
    private float smallest(float[] a, int n, int k, float[] near, float[] nearer) {
        if (n < WORTH_GUESSING) {
            return select(a, n, k);
        }
        for (int i = 0; i < GUESSED_BY; i++) {
            guess[i] = a[(int) ((long) i * n / GUESSED_BY)];
        }
        Arrays.sort(guess);
        int rank = (int) ((long) k * GUESSED_BY / n);
        float low = guess[Math.max(0, rank - BRACKET)];
        float high = guess[Math.min(GUESSED_BY - 1, rank + BRACKET)];
        int below = 0;
        int within = 0;
        for (int i = 0; i < n; i++) {
            float value = a[i];
            near[within] = value;
            below += value < low ? 1 : 0;
            within += value >= low & value <= high ? 1 : 0;
        }
        // A wrong guess, or many pixels of one value.
        if (k < below || k >= below + within || within > n / 2) {
            return select(a, n, k);
        }
        return smallest(near, within, k - below, nearer, near);
    }

    /** The k-th smallest of the first n; reorders them (Hoare's selection). */
    static float select(float[] a, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (low < high) {
            float pivot = a[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (a[i] < pivot) {
                    i++;
                }
                while (a[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swap = a[i];
                    a[i++] = a[j];
                    a[j--] = swap;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                break;
            }
        }
        return a[k];
    }

    /** The pixel, or NaN outside of the stamp. */
    float at(int x, int y) {
        return x < 0 || y < 0 || x >= width || y >= height ? Float.NaN : value[y * width + x];
    }

    /** The mean of the measured ones of 3 x 3 pixels; NaN where fewer than 5 are. */
    double mean(int x, int y) {
        double sum = 0;
        int count = 0;
        for (int j = -1; j <= 1; j++) {
            for (int i = -1; i <= 1; i++) {
                float v = at(x + i, y + j);
                if (!Float.isNaN(v)) {
                    sum += v;
                    count++;
                }
            }
        }
        return count < 5 ? Double.NaN : sum / count;
    }

    static double profile(double dx, double dy, double fwhm) {
        double scale = FWHM_IN_ALPHA / fwhm;
        double u = 1 + (dx * dx + dy * dy) * scale * scale;
        return 1 / (u * u * u);
    }

    /**
     * Fits amplitude times profile at (x0, y0) to the pixels within {@code radius}: sets {@link #amplitude} and
     * {@link #snr} (least squares, white noise of one sigma) and {@link #correlation} (Pearson's, over the same pixels).
     */
    void fitProfile(double x0, double y0, double fwhm, double radius) {
        double n = 0;
        double sp = 0;
        double sv = 0;
        double spp = 0;
        double svv = 0;
        double spv = 0;
        int reach = (int) Math.ceil(radius);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double radius2 = radius * radius;
        for (int y = Math.max(0, cy - reach); y <= Math.min(height - 1, cy + reach); y++) {
            for (int x = Math.max(0, cx - reach); x <= Math.min(width - 1, cx + reach); x++) {
                double v = value[y * width + x];
                double dx = x - x0;
                double dy = y - y0;
                if (Double.isNaN(v) || dx * dx + dy * dy > radius2) {
                    continue;
                }
                double p = profile(dx, dy, fwhm);
                n++;
                sp += p;
                sv += v;
                spp += p * p;
                svv += v * v;
                spv += p * v;
            }
        }
        if (n < 5) {
            amplitude = snr = correlation = Double.NaN;
            return;
        }
        amplitude = spv / spp;
        snr = spv / Math.sqrt(spp);
        double covariance = spv - sp * sv / n;
        double variances = (spp - sp * sp / n) * (svv - sv * sv / n);
        correlation = variances > 0 ? covariance / Math.sqrt(variances) : 0;
    }

    /**
     * Sets {@link #widthLog2}, the width of the profile that correlates best, as log2 of its ratio to the seeing
     * (parabola through the best three), and {@link #widthGain}, by how much it correlates better. Leaves the other
     * results as {@link #fitProfile} at the seeing sets them.
     */
    void fitWidth(double x0, double y0, double fwhm, double radius) {
        double[] found = new double[WIDTHS.length];
        int best = 0;
        for (int i = 0; i < WIDTHS.length; i++) {
            fitProfile(x0, y0, fwhm * WIDTHS[i], radius);
            found[i] = correlation;
            if (found[i] > found[best]) {
                best = i;
            }
        }
        double offset = 0;
        if (best > 0 && best < WIDTHS.length - 1) {
            double bend = found[best - 1] - 2 * found[best] + found[best + 1];
            if (bend < 0) {
                offset = .5 * (found[best - 1] - found[best + 1]) / bend;
            }
        }
        // The factors are half powers of two, nearly.
        widthLog2 = Double.isNaN(found[best]) ? Double.NaN : (best - 3 + offset) / 2;
        fitProfile(x0, y0, fwhm, radius);
        widthGain = found[best] - correlation;
    }

    /**
     * Finds the centroid by Gaussian-weighted means from a start, at most {@code reach} pixels away; sets
     * {@link #centroidX} and {@link #centroidY}.
     */
    void centroid(int startX, int startY, double fwhm, double reach) {
        double x0 = startX;
        double y0 = startY;
        double scale = -2 * Math.log(2) / (fwhm * fwhm);
        int window = (int) Math.ceil(1.5 * fwhm);
        for (int round = 0; round < 3; round++) {
            double s = 0;
            double sx = 0;
            double sy = 0;
            int cx = (int) Math.round(x0);
            int cy = (int) Math.round(y0);
            for (int y = cy - window; y <= cy + window; y++) {
                for (int x = cx - window; x <= cx + window; x++) {
                    float v = at(x, y);
                    if (v > 0) {
                        double dx = x - x0;
                        double dy = y - y0;
                        double w = v * Math.exp(scale * (dx * dx + dy * dy));
                        s += w;
                        sx += w * dx;
                        sy += w * dy;
                    }
                }
            }
            if (!(s > 0)) {
                break;
            }
            // Twice the step: the weight itself pulls back to the old centre by half (for a source as wide as it).
            x0 = clamp(x0 + 1.5 * sx / s, startX - reach, startX + reach);
            y0 = clamp(y0 + 1.5 * sy / s, startY - reach, startY + reach);
        }
        centroidX = x0;
        centroidY = y0;
    }

    /** Gaussian-weighted second moments of the positive pixels: {@link #momentRadius} in fwhm, {@link #elongation}. */
    void moments(double x0, double y0, double fwhm) {
        double scale = -2 * Math.log(2) / (fwhm * fwhm);
        int window = (int) Math.ceil(2 * fwhm);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double s = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int y = cy - window; y <= cy + window; y++) {
            for (int x = cx - window; x <= cx + window; x++) {
                float v = at(x, y);
                if (v > 1) {
                    double dx = x - x0;
                    double dy = y - y0;
                    double w = v * Math.exp(scale * (dx * dx + dy * dy));
                    s += w;
                    xx += w * dx * dx;
                    yy += w * dy * dy;
                    xy += w * dx * dy;
                }
            }
        }
        if (!(s > 0)) {
            momentRadius = elongation = Double.NaN;
            return;
        }
        // A pixel has a width: 1/12 keeps one-pixel sources finite.
        xx = xx / s + 1. / 12;
        yy = yy / s + 1. / 12;
        xy /= s;
        double half = .5 * (xx + yy);
        double root = Math.sqrt(.25 * (xx - yy) * (xx - yy) + xy * xy);
        momentRadius = Math.sqrt(2 * half) / fwhm;
        elongation = Math.sqrt((half + root) / Math.max(half - root, 1e-3));
    }

    /** Masked pixels (outside of the stamp too) within {@code radius}, as a fraction. */
    double maskedWithin(double x0, double y0, double radius) {
        int reach = (int) Math.ceil(radius);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        int all = 0;
        int masked = 0;
        for (int y = cy - reach; y <= cy + reach; y++) {
            for (int x = cx - reach; x <= cx + reach; x++) {
                if ((x - x0) * (x - x0) + (y - y0) * (y - y0) <= radius * radius) {
                    all++;
                    if (Float.isNaN(at(x, y))) {
                        masked++;
                    }
                }
            }
        }
        return (double) masked / Math.max(all, 1);
    }

    /** Distance to the nearest masked pixel or the stamp's border, at most {@code cap}. */
    double distanceToMask(double x0, double y0, double cap) {
        double best2 = cap * cap;
        int reach = (int) Math.ceil(cap);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        for (int y = cy - reach; y <= cy + reach; y++) {
            for (int x = cx - reach; x <= cx + reach; x++) {
                double d2 = (x - x0) * (x - x0) + (y - y0) * (y - y0);
                if (d2 < best2 && Float.isNaN(at(x, y))) {
                    best2 = d2;
                }
            }
        }
        return Math.sqrt(best2);
    }

    /** The largest or smallest pixel within {@code radius}, and its place in {@code place[0], place[1]}; NaN if none. */
    double extreme(double x0, double y0, double radius, boolean largest, double[] place) {
        int reach = (int) Math.ceil(radius);
        int cx = (int) Math.round(x0);
        int cy = (int) Math.round(y0);
        double best = Double.NaN;
        place[0] = Double.NaN;
        place[1] = Double.NaN;
        for (int y = Math.max(0, cy - reach); y <= Math.min(height - 1, cy + reach); y++) {
            for (int x = Math.max(0, cx - reach); x <= Math.min(width - 1, cx + reach); x++) {
                double v = value[y * width + x];
                if ((x - x0) * (x - x0) + (y - y0) * (y - y0) <= radius * radius
                        && !Double.isNaN(v)
                        && !(largest ? best >= v : best <= v)) {
                    best = v;
                    place[0] = x;
                    place[1] = y;
                }
            }
        }
        return best;
    }

    static double clamp(double value, double low, double high) {
        return Math.max(low, Math.min(high, value));
    }
}
