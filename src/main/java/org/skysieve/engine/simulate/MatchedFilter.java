package org.skysieve.engine.simulate;

/**
 * The detection statistic of a point source, {@code sum(p d / v) / sqrt(sum(p^2 / v))}, with the profile p, the data d
 * and the variance v of each pixel (Turin 1960; Zackay, Ofek and Gal-Yam 2016 for difference images). Unmeasured (NaN)
 * pixels count nothing.
 */
final class MatchedFilter {
    private final double[] kernel;
    private final int radius;

    MatchedFilter(Psf psf) {
        radius = (int) Math.max(3, Math.min(9, Math.ceil(1.5 * psf.fwhmPixels)));
        kernel = psf.kernel(radius);
    }

    /** Signal-to-noise of a source centred on a pixel; 0 where less than half of the profile was measured. */
    double snr(float[] difference, float[] variance, int side, int x, int y) {
        double signal = 0;
        double weight = 0;
        double seen = 0;
        int n = 2 * radius + 1;
        for (int j = Math.max(0, radius - y); j < Math.min(n, side + radius - y); j++) {
            for (int i = Math.max(0, radius - x); i < Math.min(n, side + radius - x); i++) {
                int at = (y + j - radius) * side + x + i - radius;
                double p = kernel[j * n + i];
                float d = difference[at];
                if (!Float.isNaN(d)) {
                    signal += p * d / variance[at];
                    weight += p * p / variance[at];
                    seen += p;
                }
            }
        }
        return seen < 0.5 ? 0 : signal / Math.sqrt(weight);
    }

    /**
     * The pixel of the largest signal-to-noise within {@code reach} of the middle.
     *
     * @param sign 1 for the brightest, -1 for the darkest, 0 for the strongest of either sign
     */
    Peak peak(float[] difference, float[] variance, int side, int reach, int sign) {
        int middle = side / 2;
        double best = 0;
        int bestX = middle;
        int bestY = middle;
        for (int y = middle - reach; y <= middle + reach; y++) {
            for (int x = middle - reach; x <= middle + reach; x++) {
                double snr = snr(difference, variance, side, x, y);
                if (sign == 0 ? Math.abs(snr) > Math.abs(best) : sign * snr > sign * best) {
                    best = snr;
                    bestX = x;
                    bestY = y;
                }
            }
        }
        return new Peak(bestX, bestY, best);
    }

    /** @param snr signed */
    record Peak(int x, int y, double snr) {}
}
