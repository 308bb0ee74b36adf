package org.skysieve.engine.select;

/** Ranks candidates by how much one more vote on them is worth. One strategy a file. */
@FunctionalInterface
public interface QueryStrategy {
    /** Usefulness in [0, 1]; the highest is asked first. */
    double usefulness(Belief belief);

    /** {@code share} of this strategy and the rest of {@code other}; {@code share} in [0, 1]. */
    default QueryStrategy mixedWith(QueryStrategy other, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("strategy mix: got share " + share + ", need 0 to 1");
        }
        return belief -> share * usefulness(belief) + (1 - share) * other.usefulness(belief);
    }
}
