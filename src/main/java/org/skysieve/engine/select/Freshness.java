package org.skysieve.engine.select;

/**
 * Fading transients first. A new transient is worth most while it can still be observed: its worth halves every
 * {@value #HALF_LIFE_DAYS} days after the detection, and is higher the more of its light the coming day will take.
 *
 * <p>The key is {@code log2} of that worth up to a constant of the moment: {@code (t - 60000) / h + log2(1 - 10^(-0.4 r))},
 * with t the time of detection (MJD), h the half-life and r the fade in mag a day. All worths fall together, so the order
 * of keys never changes and a key can be stored: a candidate that is a day newer stands before one that is as bright
 * and fades as fast, and stays there.
 * Source: the decay of priority with the age of an alert follows the usual practice of follow-up queues (exponential
 * discounting); the lost light is the definition of the magnitude (Pogson 1856).
 */
public final class Freshness {
    /** Days after which a detection is half as urgent. */
    public static final double HALF_LIFE_DAYS = 1;

    /** Where no light curve tells: a type Ia supernova some weeks after its peak, in mag a day. */
    public static final double USUAL_FADE = 0.1;

    /** Slower, or rising, counts as this: still ranked, by age. */
    private static final double LEAST_FADE = 0.02;

    private static final double EPOCH_MJD = 60_000;

    private Freshness() {}

    /**
     * The key of a candidate; the highest is served first.
     *
     * @param timeMjd time of the detection; finite
     * @param fadeMagPerDay loss of brightness in mag a day, negative while it rises; NaN where unknown
     */
    public static double key(double timeMjd, double fadeMagPerDay) {
        double fade = Double.isNaN(fadeMagPerDay) ? USUAL_FADE : Math.max(LEAST_FADE, fadeMagPerDay);
        double lost = 1 - Math.pow(10, -0.4 * fade);
        return (timeMjd - EPOCH_MJD) / HALF_LIFE_DAYS + Math.log(lost) / Math.log(2);
    }

    /**
     * The worth of a candidate against that of the best one, in (0, 1]: what draws within a window are weighted by.
     *
     * @param key not above {@code best}
     */
    public static double worth(double key, double best) {
        return Math.pow(2, Math.min(0, key - best));
    }
}
