package org.skysieve.engine.select;

/**
 * Greedy: the probability of one class, so that the likely ones are shown first. It finds, but teaches little: on SNPCC a
 * classifier after 300 greedy labels is no better than at the start. Good for a showcase feed, and as a warning.
 */
public final class Greedy implements QueryStrategy {
    private final int wantedClass;

    /** @param wantedClass the class that is looked for, from 0 */
    public Greedy(int wantedClass) {
        if (wantedClass < 0) {
            throw new IllegalArgumentException("greedy: got class " + wantedClass + ", need >= 0");
        }
        this.wantedClass = wantedClass;
    }

    @Override
    public double usefulness(Belief belief) {
        if (wantedClass >= belief.classes()) {
            throw new IllegalArgumentException(
                    "greedy: got a belief of " + belief.classes() + " classes, need more than " + wantedClass);
        }
        return belief.p(wantedClass);
    }
}
