package org.skysieve.engine.context;

import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The contextual classification of Sherlock (Smith et al. 2020, doi:10.1088/1538-3873/ab936e; Young 2023,
 * doi:10.5281/zenodo.8038057), approximated from what the packet itself holds: no catalogue is asked. As there, being
 * on a source ("synonym") comes before being near one ("association"). Every number and its source stand in
 * docs/methods/context.md.
 */
public final class ContextRules {
    /** A known object of the solar system is the same within this; Fink's limit (Moeller et al. 2021). */
    public static final double SOLAR_SYSTEM_ARCSEC = 5;

    /** ... and within this of its predicted V magnitude, whatever the band. */
    public static final double SOLAR_SYSTEM_MAG = 2;

    /** Within this the detection is on the source: Sherlock's synonym radius at Lasair. */
    public static final double SAME_ARCSEC = 1.5;

    /** A score above is a star: the Bright Transient Survey's limit (Perley et al. 2020). */
    public static final double STAR_SCORE = .76;

    /** A score below is a galaxy. */
    public static final double GALAXY_SCORE = .5;

    /** Reach of a bright star (Perley et al. 2020). */
    public static final double BRIGHT_STAR_ARCSEC = 20;

    /** In Pan-STARRS1's r, of sources with a score above .49: saturated ones have .5 (Perley et al. 2020). */
    public static final double BRIGHT_STAR_MAG = 15;

    private static final double BRIGHT_STAR_SCORE = .49;

    /** In Gaia's G, for stars that saturate in Pan-STARRS1. */
    public static final double BRIGHT_GAIA_MAG = 12;

    /** A galaxy is the host if so near, or nearer, by chance at most this often. */
    public static final double HOST_CHANCE = .1;

    /** A galaxy without a magnitude is taken as faint as Pan-STARRS1 goes in r (Chambers et al. 2016). */
    private static final double FAINTEST_MAG = 23.2;

    private ContextRules() {}

    /**
     * The class of a place, and the rule that made it; the same for the same surroundings.
     *
     * @param mag of the detection, for known objects alone; NaN if not measured
     */
    public static SkyContext classify(Surroundings around, double mag) {
        SkyContext solarSystem = solarSystem(around, mag);
        if (solarSystem != null) {
            return solarSystem;
        }
        if (!around.sourcesSearched()) {
            return new SkyContext(
                    SkyContext.Kind.UNKNOWN,
                    (around.solarSystemSearched() ? "no known object of the solar system; " : "")
                            + "the packet tells of no catalogued stars and galaxies",
                    Double.NaN,
                    null);
        }
        SkyContext.Host host = host(around);
        SkyContext onSource = onSource(around, host);
        if (onSource != null) {
            return onSource;
        }
        SkyContext brightStar = brightStar(around, host);
        if (brightStar != null) {
            return brightStar;
        }
        if (host != null) {
            return new SkyContext(
                    SkyContext.Kind.SUPERNOVA,
                    text(
                            "%s galaxy of %s %.2f″ away; one as near by chance in %.1f %% of places, at most %.0f %%",
                            host.catalogue(),
                            mag("r", host.mag()),
                            host.arcsec(),
                            100 * host.chance(),
                            100 * HOST_CHANCE),
                    host.arcsec(),
                    host);
        }
        return alone(around);
    }

    private static @Nullable SkyContext solarSystem(Surroundings around, double mag) {
        KnownObject known = around.solarSystem();
        if (known == null || known.arcsec() > SOLAR_SYSTEM_ARCSEC) {
            return null;
        }
        double apart = Math.abs(known.predictedMag() - mag);
        if (apart > SOLAR_SYSTEM_MAG) {
            return null;
        }
        String name = known.name().isEmpty() ? "" : " " + known.name();
        String distance = Double.isNaN(known.arcsec())
                ? "the survey names the known object" + name
                : text("known object%s %.2f″ away, at most %.0f″", name, known.arcsec(), SOLAR_SYSTEM_ARCSEC);
        String brightness = Double.isNaN(apart)
                ? ""
                : text(
                        "; %.1f mag from its predicted %.1f, at most %.0f",
                        apart, known.predictedMag(), SOLAR_SYSTEM_MAG);
        return new SkyContext(SkyContext.Kind.SOLAR_SYSTEM, distance + brightness, known.arcsec(), null);
    }

    /** The nearest source within the synonym radius that is surely a star or a galaxy decides. */
    private static @Nullable SkyContext onSource(Surroundings around, SkyContext.@Nullable Host host) {
        Optional<Neighbour> classified = around.neighbours().stream()
                .filter(source -> source.arcsec() <= SAME_ARCSEC && (isStar(source) || isGalaxy(source)))
                .findFirst();
        if (classified.isPresent()) {
            Neighbour source = classified.get();
            boolean star = isStar(source);
            return new SkyContext(
                    star ? SkyContext.Kind.VARIABLE_STAR : SkyContext.Kind.NUCLEAR,
                    text(
                            "%s %s of %s %.2f″ away, at most %.1f″; star score %.2f, %s %.2f",
                            source.catalogue(),
                            star ? "star" : "galaxy",
                            mag("r", source.mag()),
                            source.arcsec(),
                            SAME_ARCSEC,
                            source.starScore(),
                            star ? "above" : "below",
                            star ? STAR_SCORE : GALAXY_SCORE),
                    source.arcsec(),
                    host);
        }
        // Gaia measures points; galaxies' cores that it has too were caught above where Pan-STARRS1 knows them.
        return around.neighbours().stream()
                .filter(source ->
                        source.arcsec() <= SAME_ARCSEC && source.catalogue().equals(Neighbour.GAIA))
                .findFirst()
                .map(source -> new SkyContext(
                        SkyContext.Kind.VARIABLE_STAR,
                        text(
                                "%s source of %s %.2f″ away, at most %.1f″; no catalogue says that it is a galaxy",
                                source.catalogue(), mag("G", source.mag()), source.arcsec(), SAME_ARCSEC),
                        source.arcsec(),
                        host))
                .orElse(null);
    }

    private static @Nullable SkyContext brightStar(Surroundings around, SkyContext.@Nullable Host host) {
        return around.neighbours().stream()
                .filter(ContextRules::isBrightStar)
                .findFirst()
                .map(star -> {
                    boolean gaia = star.catalogue().equals(Neighbour.GAIA);
                    return new SkyContext(
                            SkyContext.Kind.BRIGHT_STAR,
                            text(
                                    "%s star of %s %.1f″ away; brighter than %.0f within %.0f″",
                                    star.catalogue(),
                                    mag(gaia ? "G" : "r", star.mag()),
                                    star.arcsec(),
                                    gaia ? BRIGHT_GAIA_MAG : BRIGHT_STAR_MAG,
                                    BRIGHT_STAR_ARCSEC),
                            star.arcsec(),
                            host);
                })
                .orElse(null);
    }

    private static SkyContext alone(Surroundings around) {
        Optional<Neighbour> unclear = around.neighbours().stream()
                .filter(source -> source.arcsec() <= SAME_ARCSEC)
                .findFirst();
        if (unclear.isPresent()) {
            return new SkyContext(
                    SkyContext.Kind.UNKNOWN,
                    text(
                            "%s source %.2f″ away is surely neither star nor galaxy",
                            unclear.get().catalogue(), unclear.get().arcsec()),
                    unclear.get().arcsec(),
                    null);
        }
        return new SkyContext(
                SkyContext.Kind.ORPHAN,
                around.neighbours().isEmpty()
                        ? "no catalogued source nearby"
                        : text(
                                "nothing within %.1f″, no bright star within %.0f″, and no galaxy nearer than chance",
                                SAME_ARCSEC, BRIGHT_STAR_ARCSEC),
                Double.NaN,
                null);
    }

    /** The galaxy that is least likely to be there by chance. */
    private static SkyContext.@Nullable Host host(Surroundings around) {
        SkyContext.Host best = null;
        for (Neighbour source : around.neighbours()) {
            if (isGalaxy(source)) {
                double chance = chance(source.arcsec(), source.mag());
                if (chance <= HOST_CHANCE && (best == null || chance < best.chance())) {
                    best = new SkyContext.Host(source.catalogue(), source.arcsec(), source.mag(), chance);
                }
            }
        }
        return best;
    }

    /** Whether a star as bright as to spoil the subtraction reaches to the detection. */
    public static boolean isBrightStar(Neighbour source) {
        if (source.arcsec() > BRIGHT_STAR_ARCSEC) {
            return false;
        }
        return source.catalogue().equals(Neighbour.GAIA)
                ? source.mag() < BRIGHT_GAIA_MAG
                : source.mag() < BRIGHT_STAR_MAG && source.starScore() > BRIGHT_STAR_SCORE;
    }

    private static boolean isStar(Neighbour source) {
        return source.starScore() > STAR_SCORE;
    }

    private static boolean isGalaxy(Neighbour source) {
        return source.starScore() < GALAXY_SCORE;
    }

    /**
     * Probability of a galaxy as bright or brighter within some distance of an arbitrary place, by Bloom, Kulkarni and
     * Djorgovski (2002), equation 1: {@code 1 - exp(-pi theta^2 sigma)}, with the counts of Hogg et al. (1997)
     * {@code sigma(<= m) = 10^(.334 (m - 22.963) + 4.320) / (3600^2 * .334 ln 10)} per square arcsecond.
     *
     * @param arcsec at least 0
     * @param mag in R; NaN is taken as 23.2, which errs to chance
     */
    public static double chance(double arcsec, double mag) {
        double m = Double.isNaN(mag) ? FAINTEST_MAG : mag;
        double perSquareArcsec = Math.pow(10, .334 * (m - 22.963) + 4.320) / (3600. * 3600 * .334 * Math.log(10));
        return -Math.expm1(-Math.PI * arcsec * arcsec * perSquareArcsec);
    }

    private static String mag(String band, double mag) {
        return Double.isNaN(mag) ? "unknown brightness" : text("%s %.1f", band, mag);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ENGLISH, format, values);
    }
}
