package org.skysieve.engine.select;

/**
 * Random selection: a place that has nothing to do with the candidate, the same each time it is asked for. What has been
 * begun comes first, so that votes are not spread over many candidates of which none is settled. The control arm of every
 * experiment. The place is the finaliser of SplitMix64 on the id (Steele, Lea and Flood 2014).
 */
public final class AtRandom {
    private AtRandom() {}

    /** In [0, 1) before the first vote, in [1, 2) after it. */
    public static double key(long candidateId, boolean begun) {
        long z = candidateId * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53 + (begun ? 1 : 0);
    }
}
