package org.skysieve.engine.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is at an object's place in every exposure: its host, other stars and galaxies, masks, the chip's edge, the
 * template's sharpness. Positions are pixels from the object's nominal place.
 *
 * @param background DN a pixel
 * @param referenceSigma background noise of the template, DN a pixel
 * @param referenceNoise seed of the template's noise: the same template serves all alerts of an object
 */
record Sky(
        List<Star> stars,
        List<Galaxy> galaxies,
        List<Mask> masks,
        Psf referencePsf,
        double background,
        double referenceSigma,
        long referenceNoise) {

    /** Background noise of a typical science image, DN a pixel. */
    static final double SIGMA = 6.5;
    /** Flux in DN that gives a signal-to-noise of one at typical seeing: sigma * sqrt(1 / sum(psf^2)). */
    static final double FLUX_AT_SNR_1 = SIGMA * 3.6;

    /**
     * @param flux DN in the template
     * @param host true for the star that the candidate sits on
     * @param streak strength of the charge trail along the row, relative to the usual
     */
    record Star(double x, double y, double flux, boolean host, double streak) {}

    /** @param n Sersic index */
    record Galaxy(double x, double y, double flux, double effectiveRadius, double n, double axisRatio, double angle) {}

    /** A rectangle that no image measured; pixels relative to the place, inclusive. */
    record Mask(int x0, int y0, int x1, int y1) {}

    /**
     * @param snr signed signal-to-noise of the object's alerts
     * @param drift of the survey, see {@link SurveySettings}
     */
    static Sky draw(SplittableRandom random, Kind kind, double[] snr, int halfSide, double drift) {
        List<Star> stars = new ArrayList<>();
        List<Galaxy> galaxies = new ArrayList<>();
        List<Mask> masks = new ArrayList<>();
        addHost(random, kind, snr, stars, galaxies);
        addField(random, stars, galaxies, halfSide);
        if (random.nextDouble() < 0.09) {
            addMask(random, stars, masks, halfSide);
        }
        if (random.nextDouble() < 0.025) {
            masks.add(chipEdge(random, 7 + random.nextInt(Math.max(1, halfSide - 9)), halfSide));
        }
        if (kind == Kind.EDGE) {
            masks.add(chipEdge(random, 2 + random.nextInt(5), halfSide));
        }
        if (kind == Kind.SATURATED) {
            double reach = 14 * Math.sqrt(random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            saturatedStar(random, reach * Math.cos(angle), reach * Math.sin(angle), stars, masks);
        }
        double fwhm = Math.max(1.3, Math.min(2.1, 1.9 * Math.exp(0.12 * random.nextGaussian()))) * (1 + 0.4 * drift);
        Psf reference = new Psf(
                fwhm,
                2.4 + 1.6 * random.nextDouble(),
                1 - Math.min(0.25, Math.abs(0.06 * random.nextGaussian())),
                Math.PI * random.nextDouble());
        double background = Math.max(20, Math.min(330, 100 * Math.exp(0.55 * random.nextGaussian())));
        // Templates are stacks of 15 to 60 exposures.
        double sigma =
                SIGMA * Math.max(0.13, Math.min(0.35, 0.24 * Math.exp(0.25 * random.nextGaussian()))) * (1 + drift);
        return new Sky(stars, galaxies, masks, reference, background, sigma, random.nextLong());
    }

    private static void addHost(
            SplittableRandom random, Kind kind, double[] snr, List<Star> stars, List<Galaxy> galaxies) {
        double fluxNow = Math.abs(snr[0]) * FLUX_AT_SNR_1;
        switch (kind) {
            case VARIABLE -> {
                double amplitude = Math.max(0.03, Math.min(30, 0.35 * Math.exp(1.3 * random.nextGaussian())));
                double flux = fluxNow / amplitude;
                for (double each : snr) {
                    // A star cannot lose more light than it has.
                    flux = Math.max(flux, -1.15 * each * FLUX_AT_SNR_1);
                }
                stars.add(new Star(0.2 * random.nextGaussian(), 0.2 * random.nextGaussian(), flux, true, 1));
            }
            case SUPERNOVA -> {
                double radius = Math.max(1, Math.min(10, 2.8 * Math.exp(0.55 * random.nextGaussian())));
                double offset = Math.min(5, -0.9 * Math.log1p(-random.nextDouble())) * radius;
                double angle = 2 * Math.PI * random.nextDouble();
                double flux = Math.min(2e5, fluxNow * Math.exp(0.7 + 1.2 * random.nextGaussian()));
                galaxies.add(galaxy(random, offset * Math.cos(angle), offset * Math.sin(angle), flux, radius));
            }
            case NUCLEAR -> {
                double radius = Math.max(1, Math.min(8, 2.5 * Math.exp(0.5 * random.nextGaussian())));
                double flux = Math.min(2e5, fluxNow * Math.exp(1.5 + random.nextGaussian()));
                for (double each : snr) {
                    flux = Math.max(flux, -2 * each * FLUX_AT_SNR_1);
                }
                galaxies.add(galaxy(random, 0.2 * random.nextGaussian(), 0.2 * random.nextGaussian(), flux, radius));
            }
            case DIPOLE, RINGING -> {
                // The star's peak over the noise has the quantiles 325 / 1050 / 2630 (10/50/90 %), and brighter
                // stars leave stronger residuals: correlation 0.6 with the residual's peak, 54 at the median.
                double residual = Math.log(Math.abs(snr[0]) / (54 * SNR_OF_PEAK)) / 0.88;
                double z = 0.6 * residual + 0.8 * random.nextGaussian();
                double peak = Math.max(60, Math.min(9000, 1000 * Math.exp(0.82 * z)));
                double flux = peak * SIGMA * 6.2;
                stars.add(new Star(
                        0.5 * random.nextGaussian(),
                        0.5 * random.nextGaussian(),
                        flux,
                        true,
                        Math.exp(0.5 * random.nextGaussian())));
            }
            default -> {
                // Asteroids, orphans and the detector's own artefacts fall anywhere.
            }
        }
    }

    /** Signal-to-noise of the matched filter over the peak pixel's, for a residual of a bright star. */
    static final double SNR_OF_PEAK = 1.5;

    /** Poisson stars with {@code N(> flux) ~ flux^-0.7} and a few faint galaxies. */
    private static void addField(SplittableRandom random, List<Star> stars, List<Galaxy> galaxies, int halfSide) {
        double areaRatio = (2 * halfSide + 1) * (2 * halfSide + 1) / 3969.0;
        double density = Math.exp(1.6 + 0.8 * random.nextGaussian());
        int count = Math.min(40, poisson(random, Math.min(40, density) * areaRatio));
        for (int i = 0; i < count; i++) {
            double flux = 0.7 * SIGMA * 6.2 * Math.pow(1 - random.nextDouble(), -1 / 0.7);
            double x = (2 * random.nextDouble() - 1) * halfSide;
            double y = (2 * random.nextDouble() - 1) * halfSide;
            // Near the middle a bright neighbour would be the host.
            if (Math.hypot(x, y) > 5 || flux < 100 * SIGMA) {
                stars.add(new Star(x, y, Math.min(flux, 1.2e5), false, Math.exp(0.5 * random.nextGaussian())));
            }
        }
        int faint = poisson(random, 2.5 * areaRatio);
        for (int i = 0; i < faint; i++) {
            double x = (2 * random.nextDouble() - 1) * halfSide;
            double y = (2 * random.nextDouble() - 1) * halfSide;
            double flux = SIGMA * Math.pow(10, 1.0 + 1.3 * random.nextDouble());
            galaxies.add(galaxy(random, x, y, flux, 1 + 2.5 * random.nextDouble()));
        }
    }

    private static Galaxy galaxy(SplittableRandom random, double x, double y, double flux, double radius) {
        return new Galaxy(
                x,
                y,
                flux,
                radius,
                random.nextDouble() < 0.6 ? 1 : 4,
                0.35 + 0.65 * random.nextDouble(),
                Math.PI * random.nextDouble());
    }

    private static void addMask(SplittableRandom random, List<Star> stars, List<Mask> masks, int halfSide) {
        if (random.nextDouble() < 0.65) {
            double reach = 17 + random.nextDouble() * (halfSide - 10);
            double angle = 2 * Math.PI * random.nextDouble();
            saturatedStar(random, reach * Math.cos(angle), reach * Math.sin(angle), stars, masks);
        } else {
            int squares = 1 + random.nextInt(4);
            int half = 3 + random.nextInt(4);
            for (int i = 0; i < squares; i++) {
                int x = random.nextInt(-halfSide, halfSide + 1);
                int y = random.nextInt(-halfSide, halfSide + 1);
                if (Math.max(Math.abs(x), Math.abs(y)) > half + 6) {
                    masks.add(new Mask(x - half, y - half, x + half, y + half));
                }
            }
        }
    }

    private static void saturatedStar(SplittableRandom random, double x, double y, List<Star> stars, List<Mask> masks) {
        double flux = SIGMA * 6.2 * 4000 * Math.exp(0.7 * random.nextGaussian());
        stars.add(new Star(x, y, flux, false, 2 * Math.exp(0.5 * random.nextGaussian())));
        int half = 8 + random.nextInt(3);
        int mx = (int) Math.round(x) + random.nextInt(-1, 2);
        int my = (int) Math.round(y) + random.nextInt(-1, 2);
        masks.add(new Mask(mx - half, my - half, mx + half, my + half));
    }

    /** Everything beyond a line at {@code distance} from the place. */
    private static Mask chipEdge(SplittableRandom random, int distance, int halfSide) {
        int far = 2 * halfSide + 20;
        return switch (random.nextInt(4)) {
            case 0 -> new Mask(distance, -far, far, far);
            case 1 -> new Mask(-far, -far, -distance, far);
            case 2 -> new Mask(-far, distance, far, far);
            default -> new Mask(-far, -far, far, -distance);
        };
    }

    /** Knuth's product method; fine for the small means here. */
    private static int poisson(SplittableRandom random, double mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            count++;
            product *= random.nextDouble();
        }
        return count;
    }
}
