package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Core-set selection: each next row is the one farthest from all labelled and chosen so far,
 * {@code argmax_i min_j |x_i - x_j|}, the greedy 2-approximation of the k-centre problem. It covers the pool whatever the
 * model thinks, outliers first. Source: Sener and Savarese (2018), arXiv:1708.00489, after Gonzalez (1985).
 *
 * <p>Distances to rows labelled before are kept, so that a step costs one pass over the pool for each new label. One
 * instance a run.
 */
public final class CoreSet implements BatchQuery {
    private final NearestLabelled nearest = new NearestLabelled();

    @Override
    public int[] choose(Pool pool, int count, SplittableRandom random) {
        nearest.follow(pool);
        int[] open = pool.open().clone();
        int[] chosen = new int[Math.min(count, open.length)];
        for (int c = 0; c < chosen.length; c++) {
            // From a random place on, so that ties are not broken by row number.
            int first = random.nextInt(open.length);
            int best = -1;
            for (int i = 0; i < open.length; i++) {
                int at = (first + i) % open.length;
                if (open[at] >= 0 && (best < 0 || nearest.squared(open[at]) > nearest.squared(open[best]))) {
                    best = at;
                }
            }
            chosen[c] = open[best];
            open[best] = -1;
            // Chosen now means labelled next time: it need not be added twice.
            nearest.add(pool, chosen[c]);
        }
        return chosen;
    }

    /** The squared distance of every row to the nearest one labelled, kept up to date from step to step. */
    static final class NearestLabelled {
        private double[] squared = {};
        private boolean[] added = {};

        /** Adds the rows that have been labelled since. */
        void follow(Pool pool) {
            int rows = pool.places().length / pool.dimensions();
            if (squared.length != rows) {
                squared = new double[rows];
                Arrays.fill(squared, Double.POSITIVE_INFINITY);
                added = new boolean[rows];
            }
            for (int row : pool.labelled()) {
                add(pool, row);
            }
        }

        void add(Pool pool, int row) {
            if (added[row]) {
                return;
            }
            added[row] = true;
            int d = pool.dimensions();
            float[] places = pool.places();
            for (int i = 0; i < squared.length; i++) {
                float sum = 0;
                for (int k = 0; k < d; k++) {
                    float difference = places[i * d + k] - places[row * d + k];
                    sum += difference * difference;
                }
                squared[i] = Math.min(squared[i], sum);
            }
        }

        double squared(int row) {
            return squared[row];
        }
    }
}
