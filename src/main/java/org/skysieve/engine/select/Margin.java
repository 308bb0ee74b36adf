package org.skysieve.engine.select;

/**
 * Margin sampling: {@code 1 - (p(1) - p(2))} of the two leading classes. Unlike entropy it ignores the tail, which
 * matters from three classes on. Source: Scheffer, Decomain and Wrobel (2001).
 */
public final class Margin implements QueryStrategy {
    @Override
    public double usefulness(Belief belief) {
        double first = 0;
        double second = 0;
        for (int c = 0; c < belief.classes(); c++) {
            double p = belief.p(c);
            if (p > first) {
                second = first;
                first = p;
            } else if (p > second) {
                second = p;
            }
        }
        return Math.max(0, 1 - (first - second));
    }
}
