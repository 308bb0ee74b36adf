package org.skysieve.engine.simulate;

/**
 * A point-spread function: an elliptical Moffat (1969) profile {@code (1 + r^2 / a^2)^-beta} with unit sum, where
 * {@code a = fwhm / (2 sqrt(2^(1/beta) - 1))}.
 */
final class Psf {
    final double fwhmPixels;
    private final double beta;
    private final double inverseScale2;
    private final double norm;
    private final double xx;
    private final double xy;
    private final double yy;

    /**
     * @param axisRatio minor to major axis, in (0, 1]; the area is kept
     * @param angle of the major axis from the columns' direction, radians
     */
    Psf(double fwhmPixels, double beta, double axisRatio, double angle) {
        this.fwhmPixels = fwhmPixels;
        this.beta = beta;
        double scale = fwhmPixels / (2 * Math.sqrt(Math.pow(2, 1 / beta) - 1));
        inverseScale2 = 1 / (scale * scale);
        norm = (beta - 1) / (Math.PI * scale * scale);
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        // r^2 = q u^2 + v^2 / q with u along the major axis.
        xx = axisRatio * c * c + s * s / axisRatio;
        yy = axisRatio * s * s + c * c / axisRatio;
        xy = 2 * c * s * (axisRatio - 1 / axisRatio);
    }

    /** The same shape at another width. */
    Psf scaledTo(double fwhm) {
        Psf copy = new Psf(fwhm, beta, 1, 0);
        return new Psf(copy, xx, xy, yy);
    }

    private Psf(Psf round, double xx, double xy, double yy) {
        fwhmPixels = round.fwhmPixels;
        beta = round.beta;
        inverseScale2 = round.inverseScale2;
        norm = round.norm;
        this.xx = xx;
        this.xy = xy;
        this.yy = yy;
    }

    /** Surface density per square pixel at an offset from the centre, pixels. */
    double at(double dx, double dy) {
        double r2 = xx * dx * dx + xy * dx * dy + yy * dy * dy;
        return norm * Math.exp(-beta * Math.log1p(r2 * inverseScale2));
    }

    /** The density integrated over a pixel: 3 x 3 points near the core, where the profile bends within a pixel. */
    double overPixel(double dx, double dy) {
        if (dx * dx + dy * dy > 9) {
            return at(dx, dy);
        }
        double sum = 0;
        for (int j = -1; j <= 1; j++) {
            for (int i = -1; i <= 1; i++) {
                sum += at(dx + i / 3.0, dy + j / 3.0);
            }
        }
        return sum / 9;
    }

    /** Adds a point source to a square image; pixels fainter than {@code floor} are left out. */
    void add(float[] image, int side, double x, double y, double flux, double floor) {
        double reach = reach(Math.abs(flux) / floor);
        int x0 = (int) Math.max(0, Math.floor(x - reach));
        int x1 = (int) Math.min(side - 1, Math.ceil(x + reach));
        int y0 = (int) Math.max(0, Math.floor(y - reach));
        int y1 = (int) Math.min(side - 1, Math.ceil(y + reach));
        for (int j = y0; j <= y1; j++) {
            for (int i = x0; i <= x1; i++) {
                image[j * side + i] += (float) (flux * overPixel(i - x, j - y));
            }
        }
    }

    /** The radius within which a source of {@code contrast} (flux over the faintest pixel wanted) matters. */
    private double reach(double contrast) {
        double ratio = contrast * norm;
        if (ratio <= 1) {
            return 1.5;
        }
        double r = Math.sqrt((Math.pow(ratio, 1 / beta) - 1) / inverseScale2);
        return Math.max(1.5, 1.3 * r);
    }

    /** Pixel values around the centre, row-major, {@code (2 radius + 1)^2}, for a source in the middle of a pixel. */
    double[] kernel(int radius) {
        int n = 2 * radius + 1;
        double[] kernel = new double[n * n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                kernel[j * n + i] = overPixel(i - radius, j - radius);
            }
        }
        return kernel;
    }
}
