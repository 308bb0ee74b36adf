package org.skysieve.engine.select;

import java.util.SplittableRandom;

/**
 * Diverse batches by the seeding of k-means++: each next row is drawn with probability proportional to
 * {@code usefulness_i D_i^2}, D the distance to the nearest row labelled or chosen so far. Where the model is doubtful and
 * nothing alike has been labelled yet. With {@link Unranked} it is the plain seeding, a {@link CoreSet} that outliers
 * cannot fool. Source: Arthur and Vassilvitskii (2007); for batches of queries Zhdanov (2019), arXiv:1901.05954, and
 * Ash et al. (2020), arXiv:1906.03671. One instance a run.
 */
public final class KMeansPlusPlus implements BatchQuery {
    private final QueryStrategy strategy;
    private final CoreSet.NearestLabelled nearest = new CoreSet.NearestLabelled();

    public KMeansPlusPlus(QueryStrategy strategy) {
        this.strategy = strategy;
    }

    @Override
    public int[] choose(Pool pool, int count, SplittableRandom random) {
        nearest.follow(pool);
        int n = pool.open().length;
        double[] usefulness = new double[n];
        for (int i = 0; i < n; i++) {
            usefulness[i] = Math.max(strategy.usefulness(pool.belief(i)), PowerSampling.LEAST);
        }
        int[] chosen = new int[Math.min(count, n)];
        for (int c = 0; c < chosen.length; c++) {
            int at = draw(pool.open(), usefulness, random);
            chosen[c] = pool.open()[at];
            usefulness[at] = 0;
            nearest.add(pool, chosen[c]);
        }
        return chosen;
    }

    private int draw(int[] open, double[] usefulness, SplittableRandom random) {
        double total = 0;
        for (int i = 0; i < open.length; i++) {
            total += weight(open[i], usefulness[i]);
        }
        double target = random.nextDouble() * total;
        int last = -1;
        for (int i = 0; i < open.length; i++) {
            double weight = weight(open[i], usefulness[i]);
            if (weight > 0) {
                last = i;
                target -= weight;
                if (target < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private double weight(int row, double usefulness) {
        // Without any label yet all are equally far; a copy of a labelled row is still better than nothing.
        return usefulness * Math.max(Math.min(nearest.squared(row), 1e6), 1e-12);
    }
}
