package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws from a window of the best candidates without replacement, each time with probability proportional to
 * {@code usefulness ^ power}. Power 0 is uniform, a large power takes the best. Drawing instead of taking the top makes
 * the probability of every choice known and above zero, keeps a batch from being twenty near-copies of one candidate,
 * and spreads people who ask at the same moment. Source: Kirsch, Farquhar, Atighehchian, Jesson, Branchaud-Charron and
 * Gal (2023), stochastic batch acquisition.
 */
public final class PowerSampling {
    /** Steep enough that of a short queue the useless end is rarely drawn; in a long one the window is flat anyway. */
    public static final double POWER = 4;

    /** Usefulness counts at least this much, so that nothing in the window has probability zero. */
    static final double LEAST = 1e-6;

    private final double[] weight;
    private double left;
    private int remaining;

    /**
     * @param usefulness of each candidate of the window, {@code >= 0}
     * @param power {@code >= 0}
     */
    public PowerSampling(double[] usefulness, double power) {
        if (!(power >= 0)) {
            throw new IllegalArgumentException("power sampling: got power " + power + ", need >= 0");
        }
        weight = new double[usefulness.length];
        for (int i = 0; i < weight.length; i++) {
            if (!(usefulness[i] >= 0)) {
                throw new IllegalArgumentException("power sampling: got usefulness " + usefulness[i] + ", need >= 0");
            }
            weight[i] = Math.pow(Math.max(usefulness[i], LEAST), power);
        }
        remaining = weight.length;
        left = Arrays.stream(weight).sum();
    }

    /**
     * One draw.
     *
     * @param index into the window
     * @param probability with which this one was drawn out of those then left, in (0, 1]
     */
    public record Draw(int index, double probability) {}

    /** With which probability the next draw takes this one; 0 once it is out of the window. */
    public double probability(int index) {
        return weight[index] > 0 ? Math.min(1, weight[index] / left) : 0;
    }

    /** How many can still be drawn. */
    public int remaining() {
        return remaining;
    }

    /** Draws one and takes it out of the window. */
    public Draw next(SplittableRandom random) {
        if (remaining == 0) {
            throw new IllegalStateException("power sampling: the window is empty");
        }
        double target = random.nextDouble() * left;
        int chosen = -1;
        for (int i = 0; i < weight.length; i++) {
            if (weight[i] > 0) {
                chosen = i;
                target -= weight[i];
                if (target < 0) {
                    break;
                }
            }
        }
        double probability = probability(chosen);
        remove(chosen);
        return new Draw(chosen, probability);
    }

    /** Takes a candidate out without drawing it: it turned out not to be available. */
    public void remove(int index) {
        if (weight[index] > 0) {
            weight[index] = 0;
            remaining--;
            // Summed anew: differences would leave rounding behind when one weight dwarfs the others.
            left = Arrays.stream(weight).sum();
        }
    }
}
