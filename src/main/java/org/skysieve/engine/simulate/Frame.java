package org.skysieve.engine.simulate;

import java.util.SplittableRandom;

/**
 * Square images painted around an object's place: what the sky sends at a given sharpness, and noise. Row-major, with
 * the place at the middle pixel.
 */
final class Frame {
    /** Electrons a DN. */
    static final double GAIN = 6;

    final int side;
    final int middle;

    Frame(int side) {
        this.side = side;
        this.middle = side / 2;
    }

    /** Noiseless sky in DN, without background. */
    float[] sky(Sky sky, Psf psf, double faintest) {
        float[] image = new float[side * side];
        for (Sky.Galaxy galaxy : sky.galaxies()) {
            addSersic(image, galaxy);
        }
        if (!sky.galaxies().isEmpty()) {
            // A Gaussian stands for the point-spread function: its wings are lost in a galaxy's own.
            blur(image, psf.fwhmPixels / 2.355);
        }
        for (Sky.Star star : sky.stars()) {
            addStar(image, star, psf, faintest);
        }
        return image;
    }

    /** A star with the halo and the charge trail of bright ones, real hosts and artefacts' hosts alike. */
    private void addStar(float[] image, Sky.Star star, Psf psf, double faintest) {
        double x = middle + star.x();
        double y = middle + star.y();
        psf.add(image, side, x, y, star.flux(), 0.3 * faintest);
        double peak = star.flux() * psf.at(0, 0);
        if (peak < 100 * Sky.SIGMA) {
            return;
        }
        new Psf(5 * psf.fwhmPixels, 2.2, 1, 0).add(image, side, x, y, 0.08 * star.flux(), 0.3 * faintest);
        // Saturated columns bleed further than bright ones.
        double strength = 0.0014 * Math.min(peak, 3000 * Sky.SIGMA) * star.streak();
        double length = 7 + 3 * star.streak();
        int row = (int) Math.round(y);
        for (int j = Math.max(0, row - 4); j <= Math.min(side - 1, row + 4); j++) {
            double across = Math.exp(-(j - y) * (j - y) / (2 * 1.5 * 1.5));
            for (int i = 0; i < side; i++) {
                image[j * side + i] += (float) (strength * across * Math.exp(-Math.abs(i - x) / length));
            }
        }
    }

    /**
     * Adds {@code I_e exp(-b ((r / r_e)^(1/n) - 1))}, Sersic (1963), b as in Ciotti and Bertin (1999); 5 x 5 points in
     * pixels near the centre.
     */
    void addSersic(float[] image, Sky.Galaxy galaxy) {
        double n = galaxy.n();
        double re = galaxy.effectiveRadius();
        double b = 2 * n - 1 / 3.0 + 4 / (405 * n);
        double gamma2n = n == 1 ? 1 : 5040;
        double total = 2 * Math.PI * n * re * re * Math.exp(b) * Math.pow(b, -2 * n) * gamma2n;
        double brightness = galaxy.flux() / total;
        double cx = middle + galaxy.x();
        double cy = middle + galaxy.y();
        double c = Math.cos(galaxy.angle());
        double s = Math.sin(galaxy.angle());
        double q = galaxy.axisRatio();
        double reach = (n == 1 ? 5 : 8) * re / Math.sqrt(q);
        int x0 = (int) Math.max(0, Math.floor(cx - reach));
        int x1 = (int) Math.min(side - 1, Math.ceil(cx + reach));
        int y0 = (int) Math.max(0, Math.floor(cy - reach));
        int y1 = (int) Math.min(side - 1, Math.ceil(cy + reach));
        for (int j = y0; j <= y1; j++) {
            for (int i = x0; i <= x1; i++) {
                double dx = i - cx;
                double dy = j - cy;
                int half = dx * dx + dy * dy < 9 ? 2 : 0;
                double sum = 0;
                for (int v = -half; v <= half; v++) {
                    for (int u = -half; u <= half; u++) {
                        double px = dx + u / 5.0;
                        double py = dy + v / 5.0;
                        double along = c * px + s * py;
                        double across = c * py - s * px;
                        double r = Math.sqrt(q * along * along + across * across / q) / re;
                        double power = n == 1 ? r : Math.sqrt(Math.sqrt(r));
                        sum += Math.exp(-b * (power - 1));
                    }
                }
                image[j * side + i] += (float) (brightness * sum / ((2 * half + 1) * (2 * half + 1)));
            }
        }
    }

    /** Convolves with a Gaussian, rows then columns; beyond the frame the edge pixel repeats. */
    void blur(float[] image, double sigma) {
        int reach = (int) Math.ceil(3 * sigma);
        double[] kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int k = -reach; k <= reach; k++) {
            kernel[k + reach] = Math.exp(-k * k / (2 * sigma * sigma));
            sum += kernel[k + reach];
        }
        float[] line = new float[side + 2 * reach];
        for (int pass = 0; pass < 2; pass++) {
            int step = pass == 0 ? 1 : side;
            int across = pass == 0 ? side : 1;
            for (int l = 0; l < side; l++) {
                for (int i = 0; i < line.length; i++) {
                    line[i] = image[l * across + Math.max(0, Math.min(side - 1, i - reach)) * step];
                }
                for (int i = 0; i < side; i++) {
                    double value = 0;
                    for (int k = 0; k < kernel.length; k++) {
                        value += kernel[k] * line[i + k];
                    }
                    image[l * across + i * step] = (float) (value / sum);
                }
            }
        }
    }

    float[] white(SplittableRandom random) {
        float[] noise = new float[side * side];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    /**
     * Noise of unit variance whose pixels correlate by {@code rho} with each of their four neighbours: white noise
     * convolved with (a, 1, a) along rows and columns, where {@code 2 a / (1 + 2 a^2) = rho}.
     */
    float[] correlated(SplittableRandom random, double rho) {
        double a = (1 - Math.sqrt(1 - 2 * rho * rho)) / (2 * rho);
        double norm = 1 / (1 + 2 * a * a);
        int wide = side + 2;
        float[] white = new float[wide * wide];
        for (int i = 0; i < white.length; i++) {
            white[i] = (float) random.nextGaussian();
        }
        float[] rows = new float[wide * side];
        for (int y = 0; y < wide; y++) {
            for (int x = 0; x < side; x++) {
                int i = y * wide + x;
                rows[y * side + x] = (float) (white[i + 1] + a * (white[i] + white[i + 2]));
            }
        }
        float[] noise = new float[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int i = y * side + x;
                noise[i] = (float) (norm * (rows[i + side] + a * (rows[i] + rows[i + 2 * side])));
            }
        }
        return noise;
    }
}
