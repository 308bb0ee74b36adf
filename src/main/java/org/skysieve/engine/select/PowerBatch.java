package org.skysieve.engine.select;

import java.util.SplittableRandom;

/**
 * A batch drawn by {@link PowerSampling}: row i with probability proportional to {@code usefulness_i ^ power}, without
 * replacement. A batch of the top ones holds near-copies of one row; a drawn one spreads.
 * Source: Kirsch, Farquhar, Atighehchian, Jesson, Branchaud-Charron and Gal (2023), stochastic batch acquisition.
 */
public final class PowerBatch implements BatchQuery {
    private final QueryStrategy strategy;
    private final double power;

    /** @param power {@code >= 0}; 0 draws uniformly, a large one takes the top */
    public PowerBatch(QueryStrategy strategy, double power) {
        if (!(power >= 0)) {
            throw new IllegalArgumentException("power batch: got power " + power + ", need >= 0");
        }
        this.strategy = strategy;
        this.power = power;
    }

    @Override
    public int[] choose(Pool pool, int count, SplittableRandom random) {
        return draw(pool, count, random).rows();
    }

    @Override
    public Drawn draw(Pool pool, int count, SplittableRandom random) {
        double[] usefulness = new double[pool.open().length];
        for (int i = 0; i < usefulness.length; i++) {
            usefulness[i] = strategy.usefulness(pool.belief(i));
        }
        PowerSampling window = new PowerSampling(usefulness, power);
        int[] chosen = new int[Math.min(count, usefulness.length)];
        double[] probabilities = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            PowerSampling.Draw draw = window.next(random);
            chosen[i] = pool.open()[draw.index()];
            probabilities[i] = draw.probability();
        }
        return new Drawn(chosen, probabilities);
    }
}
