package org.skysieve.engine.select;

/**
 * Least confidence: {@code (1 - max p) K / (K - 1)}, so that a uniform posterior gives 1. Source: Lewis and Gale (1994).
 */
public final class LeastConfidence implements QueryStrategy {
    @Override
    public double usefulness(Belief belief) {
        double first = 0;
        for (int c = 0; c < belief.classes(); c++) {
            first = Math.max(first, belief.p(c));
        }
        double k = belief.classes();
        return Math.max(0, (1 - first) * k / (k - 1));
    }
}
