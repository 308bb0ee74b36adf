package org.skysieve.engine.lightcurve;

/** Optical filters of the surveys, in the order of their wavelength; {@code OTHER} for any that is not listed. */
public enum Passband {
    U,
    G,
    R,
    I,
    Z,
    Y,
    /** ATLAS cyan. */
    CYAN,
    /** ATLAS orange. */
    ORANGE,
    J,
    OTHER;

    /** The name in the field's writing: {@code g}, {@code r}, {@code cyan}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
