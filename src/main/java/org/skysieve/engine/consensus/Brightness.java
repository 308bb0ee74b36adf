package org.skysieve.engine.consensus;

/** How bright a candidate is above the noise: faint sources are where crowds are biased. */
public enum Brightness {
    /** Not measured. */
    UNKNOWN,
    /** S/N below 8. */
    FAINT,
    /** S/N from 8 to below 20. */
    MEDIUM,
    /** S/N of 20 and above. */
    BRIGHT;

    /** @param snr signal-to-noise ratio; its sign does not matter, NaN is "not measured" */
    public static Brightness ofSnr(double snr) {
        if (Double.isNaN(snr)) {
            return UNKNOWN;
        }
        double size = Math.abs(snr);
        return size < 8 ? FAINT : size < 20 ? MEDIUM : BRIGHT;
    }
}
