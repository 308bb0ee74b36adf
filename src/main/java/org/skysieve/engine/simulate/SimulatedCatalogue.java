package org.skysieve.engine.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.Surroundings;

/**
 * What catalogues know of a simulated place: stars and galaxies of its {@link Sky} down to a limit, with the scatter of
 * a real star-galaxy separation, and most of the asteroids. A pixel is an arcsecond.
 */
final class SimulatedCatalogue {
    /** Share of asteroids whose orbit is known. */
    private static final double KNOWN_ORBITS = .85;

    /** As deep as a single-epoch catalogue, r. */
    private static final double FAINTEST = 22;

    /** Gaia's limit, and that of its bright list in ZTF's packets. */
    private static final double FAINTEST_GAIA = 20.5;

    private static final double BRIGHT_GAIA = 14;

    /** A source of signal-to-noise 5 in a single exposure (docs/methods/simulator.md: the limit in r). */
    private static final double LIMIT_MAG = 20.1;

    private static final int NEAREST = 3;
    private static final double REACH_ARCSEC = 30;

    /** Share of sources too odd or faint to be classified: ZTF writes .5. */
    private static final double UNSCORED = .1;

    private SimulatedCatalogue() {}

    static Surroundings around(SplittableRandom random, Kind kind, Sky sky, double mag, int detections) {
        KnownObject known = kind == Kind.ASTEROID && random.nextDouble() < KNOWN_ORBITS
                ? new KnownObject(
                        "SIM " + random.nextInt(1, 100_000),
                        .4 * Math.hypot(random.nextGaussian(), random.nextGaussian()),
                        mag + .3 * random.nextGaussian())
                : null;
        List<Neighbour> sources = new ArrayList<>();
        List<Neighbour> gaia = new ArrayList<>();
        for (Sky.Star star : sky.stars()) {
            double arcsec = Math.hypot(star.x(), star.y());
            double brightness = magnitude(star.flux());
            double score = score(random, true);
            if (brightness < FAINTEST && arcsec < REACH_ARCSEC) {
                sources.add(new Neighbour(Neighbour.PS1, arcsec, brightness, score));
            }
            if (brightness < FAINTEST_GAIA) {
                gaia.add(new Neighbour(Neighbour.GAIA, arcsec, brightness, Double.NaN));
            }
        }
        for (Sky.Galaxy galaxy : sky.galaxies()) {
            double arcsec = Math.hypot(galaxy.x(), galaxy.y());
            double brightness = magnitude(galaxy.flux());
            double score = score(random, false);
            if (brightness < FAINTEST && arcsec < REACH_ARCSEC) {
                sources.add(new Neighbour(Neighbour.PS1, arcsec, brightness, score));
            }
        }
        Comparator<Neighbour> nearest = Comparator.comparingDouble(Neighbour::arcsec);
        List<Neighbour> all =
                new ArrayList<>(sources.stream().sorted(nearest).limit(NEAREST).toList());
        gaia.stream().min(nearest).ifPresent(all::add);
        gaia.stream()
                .filter(star -> star.mag() < BRIGHT_GAIA)
                .min(nearest)
                .filter(star -> !all.contains(star))
                .ifPresent(all::add);
        return new Surroundings(true, known, true, all, detections);
    }

    /** AB magnitude of a flux in DN. */
    private static double magnitude(double flux) {
        return LIMIT_MAG - 2.5 * Math.log10(Math.max(flux, 1e-6) / (5 * Sky.FLUX_AT_SNR_1));
    }

    private static double score(SplittableRandom random, boolean star) {
        if (random.nextDouble() < UNSCORED) {
            return .5;
        }
        double off = .15 * random.nextDouble();
        return star ? 1 - off : off;
    }
}
