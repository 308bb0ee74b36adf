package org.skysieve.engine.select;

import java.util.SplittableRandom;

/**
 * What stands out first, whatever it is: an artefact that nobody has seen yet, or something new. The key is the score of an
 * isolation forest, {@code 2^(-E[h(x)] / c(psi))} in (0, 1], which knows no labels and no votes, so it stays as it is until the
 * candidate is scored anew. It finds, as {@link Greedy} does, and teaches little.
 * Source: Liu, Ting and Zhou (2008), doi:10.1109/ICDM.2008.17; for transients Pruzhinskaya et al. (2019), arXiv:1905.11516.
 */
public final class Anomaly implements BatchQuery {
    /** What has no score is not ranked: it does not look odd, nobody has looked. */
    public static double key(double score) {
        return score > 0 ? Math.min(1, score) : Double.NaN;
    }

    /** Those that stand out most; ties as they come. */
    @Override
    public int[] choose(Pool pool, int count, SplittableRandom random) {
        int[] open = pool.open();
        int[] rows = new int[Math.min(count, open.length)];
        boolean[] taken = new boolean[open.length];
        for (int c = 0; c < rows.length; c++) {
            int best = -1;
            for (int i = 0; i < open.length; i++) {
                if (!taken[i] && (best < 0 || pool.anomaly(open[i]) > pool.anomaly(open[best]))) {
                    best = i;
                }
            }
            taken[best] = true;
            rows[c] = open[best];
        }
        return rows;
    }
}
