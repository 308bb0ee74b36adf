package org.skysieve.engine.learn;

import java.util.SplittableRandom;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

/** Small made-up cutouts with a known truth, for tests of this package. */
final class SyntheticCutouts {
    private SyntheticCutouts() {}

    static double gauss(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    static float[] noise(int side, double sigma, double level, SplittableRandom random) {
        float[] pixels = new float[side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (level + sigma * gauss(random));
        }
        return pixels;
    }

    /** Adds a Gaussian source of total height {@code peak} at an offset from the centre. */
    static void add(float[] pixels, int side, double dx, double dy, double fwhm, double peak) {
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double rx = x - side / 2 - dx;
                double ry = y - side / 2 - dy;
                pixels[y * side + x] +=
                        (float) (peak * Math.exp(-4 * Math.log(2) * (rx * rx + ry * ry) / (fwhm * fwhm)));
            }
        }
    }

    /** A new point source on an empty sky. */
    static CutoutTriplet real(int side, double fwhm, double peak, SplittableRandom random) {
        double dx = random.nextDouble() - .5;
        double dy = random.nextDouble() - .5;
        float[] science = noise(side, 6, 200, random);
        float[] template = noise(side, 2, 200, random);
        float[] difference = noise(side, 6.3, 0, random);
        add(science, side, dx, dy, fwhm, peak * 6);
        add(difference, side, dx, dy, fwhm, peak * 6);
        return triplet(side, science, template, difference);
    }

    /** A star that was shifted between the images. */
    static CutoutTriplet dipole(int side, double fwhm, double peak, SplittableRandom random) {
        float[] science = noise(side, 6, 200, random);
        float[] template = noise(side, 2, 200, random);
        float[] difference = noise(side, 6.3, 0, random);
        double angle = 2 * Math.PI * random.nextDouble();
        double dx = .5 * fwhm * Math.cos(angle);
        double dy = .5 * fwhm * Math.sin(angle);
        add(science, side, 0, 0, fwhm, 4 * peak * 6);
        add(template, side, -.2 * dx, -.2 * dy, fwhm, 4 * peak * 6);
        add(difference, side, 0, 0, fwhm, peak * 6);
        add(difference, side, -2 * dx, -2 * dy, fwhm, -peak * 6);
        return triplet(side, science, template, difference);
    }

    static CutoutTriplet triplet(int side, float[] science, float[] template, float[] difference) {
        return new CutoutTriplet(
                new Cutout(side, side, science), new Cutout(side, side, template), new Cutout(side, side, difference));
    }
}
