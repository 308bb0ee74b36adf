package org.skysieve.engine.select;

/** Every candidate is as useful as any other: random selection, the control arm of every experiment. */
public final class Unranked implements QueryStrategy {
    @Override
    public double usefulness(Belief belief) {
        return 1;
    }
}
