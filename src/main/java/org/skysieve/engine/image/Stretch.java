package org.skysieve.engine.image;

import org.skysieve.engine.math.Robust;

/**
 * How the pixels of one image become brightness on a screen.
 *
 * <p>Science and template: {@code asinh((x - median) / 2 sigma)} from 2 sigma below the median (black) to the 99.8th
 * percentile, or 8 sigma if that is more (white). Difference: {@code asinh(x / 2 sigma)}, symmetric, so that zero is
 * mid-grey and gain and loss look alike; full range at the 99.8th percentile of the size, kept within 10 to 60 sigma.
 * Linear min-max scaling hides hosts beside a bright star, and a logarithm destroys the difference.
 */
public final class Stretch {
    private static final double CLIP_SIGMA = 3;
    private static final int CLIP_ROUNDS = 8;
    private static final double SOFTENING = 2;
    private static final double BLACK_SIGMA = -2;
    private static final double WHITE_QUANTILE = 0.998;
    private static final double LEAST_WHITE_SIGMA = 8;
    private static final double LEAST_DIFFERENCE_SIGMA = 10;
    private static final double MOST_DIFFERENCE_SIGMA = 60;

    /** Below this a float sigma would vanish or blow a ratio up. */
    private static final double LEAST_SIGMA = 1e-30;

    private static final double LN_2 = 0.6931471805599453;

    private final double zero;
    private final double unit;
    private final double black;
    private final double range;

    private Stretch(double zero, double unit, double black, double white) {
        this.zero = zero;
        this.unit = unit;
        this.black = black;
        this.range = white - black;
    }

    public static Stretch of(Cutout cutout, Panel panel) {
        float[] pixels = cutout.pixels();
        Robust sample = Robust.of(pixels);
        Robust.Scale scale = scale(sample);
        double sigma = scale.sigma();
        double unit = SOFTENING * sigma;
        if (sample.size() == 0) {
            return new Stretch(0, 1, -1, 1);
        }
        if (panel == Panel.DIFFERENCE) {
            double size =
                    Math.max(Math.abs(sample.quantile(WHITE_QUANTILE)), Math.abs(sample.quantile(1 - WHITE_QUANTILE)));
            double full = Math.min(Math.max(size, LEAST_DIFFERENCE_SIGMA * sigma), MOST_DIFFERENCE_SIGMA * sigma);
            double edge = asinh(full / unit);
            return new Stretch(0, unit, -edge, edge);
        }
        double white = Math.max(sample.quantile(WHITE_QUANTILE) - scale.median(), LEAST_WHITE_SIGMA * sigma);
        return new Stretch(scale.median(), unit, asinh(BLACK_SIGMA * sigma / unit), asinh(white / unit));
    }

    /**
     * Clipped median and sigma of an image; sigma is above 0 even where the image has no noise.
     */
    static Robust.Scale scale(Robust sample) {
        if (sample.size() == 0) {
            return new Robust.Scale(0, 1);
        }
        Robust.Scale clipped = sample.clipped(CLIP_SIGMA, CLIP_ROUNDS);
        double sigma = clipped.sigma();
        if (!(sigma > 0)) {
            // More than half of the pixels are equal: filled with a constant, or rounded to integers.
            sigma = (sample.quantile(0.95) - sample.quantile(0.05)) / 3.29;
        }
        if (!(sigma > 0)) {
            sigma = (sample.max() - sample.min()) / 100;
        }
        return new Robust.Scale(clipped.median(), sigma > LEAST_SIGMA ? sigma : sigma > 0 ? LEAST_SIGMA : 1);
    }

    /** In [0, 1], 0 black and 1 white; NaN for a pixel that was not measured. */
    public double brightness(float pixel) {
        double value = (asinh((pixel - zero) / unit) - black) / range;
        return value < 0 ? 0 : value > 1 ? 1 : value;
    }

    /**
     * Inverse hyperbolic sine, right to about 1e-16 in absolute terms. The sign is taken out because the sum in the
     * logarithm cancels for negative arguments; beyond 1e8 the square might overflow and the 1 does not count.
     */
    static double asinh(double x) {
        double size = Math.abs(x);
        double value = size > 1e8 ? Math.log(size) + LN_2 : Math.log(size + Math.sqrt(size * size + 1));
        return x < 0 ? -value : value;
    }
}
