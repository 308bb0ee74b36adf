package org.skysieve.engine.select;

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
}
