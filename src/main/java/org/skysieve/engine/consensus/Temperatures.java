package org.skysieve.engine.consensus;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

import org.skysieve.engine.math.Softmax;

/**
 * Temperatures that make posteriors mean what they say. Votes are not independent given the truth (what misleads one
 * volunteer misleads the next), so the plain product of their likelihoods claims too much; dividing its logarithm by a
 * temperature above 1 takes the excess out and leaves the prior alone.
 *
 * <p>Without gold, the temperature is the one at which the other votes of a candidate best predict each vote (leave one
 * vote out), within [1, 10]: never sharper than the product without proof. With at least {@value #MIN_GOLD} gold
 * standards it is the one that best predicts the gold, within [0.5, 10], with a log-normal prior of width 0.5 around the
 * former. The model's temperature stays 1 without gold: what its bins mean is learned already.
 */
record Temperatures(double votes, double model, int goldUsed) {
    static final int MIN_GOLD = 20;
    private static final int MAX_CASES = 20_000;

    /**
     * One candidate with votes.
     *
     * @param terms prior, model, then each vote: logarithms of likelihoods
     */
    record Case(double[] terms, int votes, boolean hasModel, int gold) {}

    static Temperatures fit(List<Case> cases, int classes) {
        List<Case> several = thinned(cases.stream().filter(c -> c.votes >= 2).toList());
        List<Case> gold = thinned(cases.stream().filter(c -> c.gold >= 0).toList());
        List<Case> goldWithModel = gold.stream().filter(Case::hasModel).toList();
        double votes = several.isEmpty() ? 1 : minimise(t -> leaveOneOutLoss(several, classes, t), 1, 10);
        if (gold.size() >= MIN_GOLD) {
            double centre = votes;
            votes = minimise(t -> goldLoss(gold, classes, t, Double.POSITIVE_INFINITY) + pull(t, centre), 0.5, 10);
        }
        double model = 1;
        if (goldWithModel.size() >= MIN_GOLD) {
            double fixed = votes;
            model = minimise(t -> goldLoss(goldWithModel, classes, fixed, t) + pull(t, 1), 0.5, 10);
        }
        return new Temperatures(votes, model, gold.size() >= MIN_GOLD ? gold.size() : 0);
    }

    /** Every n-th case where there are too many: a scalar needs no more. */
    private static List<Case> thinned(List<Case> cases) {
        int step = (cases.size() + MAX_CASES - 1) / MAX_CASES;
        if (step <= 1) {
            return cases;
        }
        return java.util.stream.IntStream.range(0, cases.size() / step)
                .mapToObj(i -> cases.get(i * step))
                .toList();
    }

    private static double pull(double temperature, double centre) {
        double offset = StrictMath.log(temperature / centre) / 0.5;
        return offset * offset / 2;
    }

    /** Minus the log-probability of each vote, given the candidate's other votes. */
    private static double leaveOneOutLoss(List<Case> cases, int classes, double temperature) {
        double[] sum = new double[classes];
        double[] p = new double[classes];
        double loss = 0;
        for (Case one : cases) {
            sum(one, classes, sum);
            for (int i = 0; i < one.votes; i++) {
                int own = (2 + i) * classes;
                for (int t = 0; t < classes; t++) {
                    p[t] = one.terms[t] + (sum[t] - one.terms[own + t]) / temperature;
                }
                Softmax.inPlace(p);
                double predicted = 0;
                for (int t = 0; t < classes; t++) {
                    predicted += p[t] * StrictMath.exp(one.terms[own + t]);
                }
                loss -= StrictMath.log(predicted);
            }
        }
        return loss;
    }

    /** Minus the log-probability of the gold standards; an infinite {@code model} temperature leaves the model out. */
    private static double goldLoss(List<Case> cases, int classes, double votes, double model) {
        double[] p = new double[classes];
        double loss = 0;
        for (Case one : cases) {
            sum(one, classes, p);
            for (int t = 0; t < classes; t++) {
                p[t] = one.terms[t] + p[t] / votes + one.terms[classes + t] / model;
            }
            Softmax.inPlace(p);
            loss -= StrictMath.log(Math.max(p[one.gold], 1e-15));
        }
        return loss;
    }

    private static void sum(Case one, int classes, double[] into) {
        java.util.Arrays.fill(into, 0);
        for (int i = 0; i < one.votes; i++) {
            for (int t = 0; t < classes; t++) {
                into[t] += one.terms[(2 + i) * classes + t];
            }
        }
    }

    /** Golden-section search over the logarithm of the argument; 30 steps leave 1e-6 of the interval. */
    private static double minimise(DoubleUnaryOperator loss, double from, double to) {
        double ratio = (StrictMath.sqrt(5) - 1) / 2;
        double low = StrictMath.log(from);
        double high = StrictMath.log(to);
        double left = high - ratio * (high - low);
        double right = low + ratio * (high - low);
        double atLeft = loss.applyAsDouble(StrictMath.exp(left));
        double atRight = loss.applyAsDouble(StrictMath.exp(right));
        for (int i = 0; i < 30; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - ratio * (high - low);
                atLeft = loss.applyAsDouble(StrictMath.exp(left));
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + ratio * (high - low);
                atRight = loss.applyAsDouble(StrictMath.exp(right));
            }
        }
        return StrictMath.exp((low + high) / 2);
    }
}
