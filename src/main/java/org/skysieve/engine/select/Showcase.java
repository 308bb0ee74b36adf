package org.skysieve.engine.select;

/**
 * The showcase feed: likely discoveries, the fresh ones first. Its key is {@code log2 p + (t - 60000) / h}, with p the
 * probability of the positive class, t the time of detection (MJD) and h the half-life of freshness. It is the logarithm of
 * an expected worth that all candidates lose at the same pace, so that keys can be stored; within a window it is drawn by
 * {@link Freshness#worth}.
 */
public final class Showcase {
    /** Days after which a likely discovery is half as interesting: longer than for follow-up, people come once a week. */
    public static final double HALF_LIFE_DAYS = 7;

    /** Less likely ones are no discoveries. */
    public static final double LEAST = 0.5;

    private static final double EPOCH_MJD = 60_000;

    private Showcase() {}

    /**
     * The key; the highest is shown first.
     *
     * @param positive probability of the positive class
     * @return NaN below {@value #LEAST}: not for the showcase
     */
    public static double key(double positive, double timeMjd) {
        return positive >= LEAST
                ? Math.log(positive) / Math.log(2) + (timeMjd - EPOCH_MJD) / HALF_LIFE_DAYS
                : Double.NaN;
    }
}
