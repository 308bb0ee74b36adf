package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses which labels to buy next from a pool, several at a time. One instance serves one run: some remember what they
 * have computed of the rows labelled before.
 */
@FunctionalInterface
public interface BatchQuery {
    /**
     * @param count how many are wanted, at least 1; fewer come back when fewer are open
     * @return row numbers out of {@code pool.open()}, none twice, the first to ask for first
     */
    int[] choose(Pool pool, int count, SplittableRandom random);

    /**
     * A batch and how probable each choice was.
     *
     * @param rows as {@link #choose} gives them
     * @param probabilities of each, given those before it in the batch; NaN where the strategy does not draw at random, so
     *     that rows exist which it cannot choose
     */
    record Drawn(int[] rows, double[] probabilities) {}

    /** As {@link #choose}, with the probabilities where the strategy knows them. */
    default Drawn draw(Pool pool, int count, SplittableRandom random) {
        int[] rows = choose(pool, count, random);
        double[] probabilities = new double[rows.length];
        Arrays.fill(probabilities, Double.NaN);
        return new Drawn(rows, probabilities);
    }
}
