package org.skysieve.engine.select;

/**
 * Entropy sampling: {@code H(p) / ln K} with {@code H(p) = -sum p ln p}. 1 for a uniform posterior, 0 for a sure one.
 * Source: Shannon (1948); as a query strategy Settles (2009), section 3.1.
 */
public final class Entropy implements QueryStrategy {
    @Override
    public double usefulness(Belief belief) {
        double h = 0;
        for (int c = 0; c < belief.classes(); c++) {
            h += term(belief.p(c));
        }
        return Math.min(1, h / Math.log(belief.classes()));
    }

    /** Entropy in nats of probabilities that sum to 1. */
    static double nats(double[] p, int from, int classes) {
        double h = 0;
        for (int c = 0; c < classes; c++) {
            h += term(p[from + c]);
        }
        return h;
    }

    private static double term(double p) {
        return p > 0 ? -p * Math.log(p) : 0;
    }
}
