package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The batch of the most useful rows by a {@link QueryStrategy}. Ties, of which a forest of a hundred trees has many, are
 * broken at random: by row number they would favour whatever the file begins with.
 */
public final class TopRanked implements BatchQuery {
    private final QueryStrategy strategy;

    public TopRanked(QueryStrategy strategy) {
        this.strategy = strategy;
    }

    @Override
    public int[] choose(Pool pool, int count, SplittableRandom random) {
        int n = pool.open().length;
        int wanted = Math.min(count, n);
        // The best so far, worst first: batches are small beside the pool.
        double[] usefulness = new double[wanted];
        long[] ticket = new long[wanted];
        int[] best = new int[wanted];
        int size = 0;
        for (int i = 0; i < n; i++) {
            double u = strategy.usefulness(pool.belief(i));
            long t = random.nextLong();
            int at = 0;
            if (size < wanted) {
                // Moves those that are better one place up.
                at = size++;
                while (at > 0 && isBetter(usefulness[at - 1], ticket[at - 1], u, t)) {
                    usefulness[at] = usefulness[at - 1];
                    ticket[at] = ticket[at - 1];
                    best[at] = best[at - 1];
                    at--;
                }
            } else if (isBetter(u, t, usefulness[0], ticket[0])) {
                while (at + 1 < wanted && isBetter(u, t, usefulness[at + 1], ticket[at + 1])) {
                    usefulness[at] = usefulness[at + 1];
                    ticket[at] = ticket[at + 1];
                    best[at] = best[at + 1];
                    at++;
                }
            } else {
                continue;
            }
            usefulness[at] = u;
            ticket[at] = t;
            best[at] = pool.open()[i];
        }
        int[] chosen = new int[wanted];
        Arrays.setAll(chosen, i -> best[wanted - 1 - i]);
        return chosen;
    }

    @Override
    public Drawn draw(Pool pool, int count, SplittableRandom random) {
        int[] rows = choose(pool, count, random);
        double[] probabilities = new double[rows.length];
        // Where all are tied, the random tickets draw uniformly.
        boolean uniform = strategy instanceof Unranked;
        Arrays.setAll(probabilities, i -> uniform ? 1.0 / (pool.open().length - i) : Double.NaN);
        return new Drawn(rows, probabilities);
    }

    private static boolean isBetter(double u, long t, double otherU, long otherT) {
        return u > otherU || u == otherU && t > otherT;
    }
}
