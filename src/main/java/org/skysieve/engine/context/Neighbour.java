package org.skysieve.engine.context;

/**
 * A catalogued source near a detection, as the survey put it into the packet.
 *
 * @param catalogue where the source comes from: {@link #PS1} or {@link #GAIA}
 * @param arcsec angular distance from the detection, at least 0
 * @param mag in r for Pan-STARRS1 (i, else g, where r is missing), in G for Gaia; NaN if not measured
 * @param starScore 0 for a galaxy to 1 for a star (Tachibana and Miller 2018); NaN where the catalogue has none. ZTF
 *     writes exactly 0.5 for sources without one
 */
public record Neighbour(String catalogue, double arcsec, double mag, double starScore) {
    public static final String PS1 = "Pan-STARRS1";
    public static final String GAIA = "Gaia DR1";

    public Neighbour {
        if (!(arcsec >= 0)) {
            throw new IllegalArgumentException("neighbour: got a distance of " + arcsec + " arcsec, need it >= 0");
        }
    }
}
