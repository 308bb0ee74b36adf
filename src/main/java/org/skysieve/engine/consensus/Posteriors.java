package org.skysieve.engine.consensus;

/** Class probabilities of many candidates: what every batch algorithm yields. Immutable. */
public final class Posteriors {
    private final int classes;
    private final double[] flat;

    /** @param flat {@code [candidate * classes + truth]}, not copied: the caller gives it away */
    Posteriors(int classes, double[] flat) {
        this.classes = classes;
        this.flat = flat;
    }

    public int candidates() {
        return flat.length / classes;
    }

    public int classes() {
        return classes;
    }

    public double get(int candidate, int truth) {
        return flat[candidate * classes + truth];
    }

    /** The probabilities of one candidate, as a copy. */
    public double[] of(int candidate) {
        return java.util.Arrays.copyOfRange(flat, candidate * classes, (candidate + 1) * classes);
    }

    /** The most probable class; of equally probable ones the first. */
    public int leading(int candidate) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (get(candidate, k) > get(candidate, best)) {
                best = k;
            }
        }
        return best;
    }
}
