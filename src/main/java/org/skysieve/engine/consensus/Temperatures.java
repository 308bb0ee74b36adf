package org.skysieve.engine.consensus;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

import org.skysieve.engine.math.Softmax;

/**
 * What makes posteriors mean what they say. Votes are not independent given the truth (what misleads one volunteer
 * misleads the next), so the plain product of their likelihoods claims too much. With a correlation {@code rho} between
 * any two votes on a candidate, n votes are worth {@code n / (1 + (n - 1) rho)} independent ones (the design effect of
 * Kish 1965): their log-likelihood is divided by that temperature, {@code 1 + (n - 1) rho}, and the prior is left alone.
 * A lone vote counts in full however correlated votes are, so what is learned where there are many votes does not weigh
 * down where there are two.
 *
 * <p>With at least {@value #MIN_GOLD} gold standards, rho is where the votes best predict the gold, under a prior around
 * what is expected, log-normal of width {@value #WIDTH} in the temperature of four votes. With fewer it is what is
 * expected. (How well votes predict each other tells little: where candidates retire as soon as votes agree, those with
 * many votes are those that people disagree on.) The model's temperature stays 1 without gold: what its bins mean is
 * learned already.
 *
 * @param correlation rho, in [0, 1]
 * @param model the model's log-likelihood is divided by this, in [0.5, 10]
 */
record Temperatures(double correlation, double model, int goldUsed) {
    static final int MIN_GOLD = 20;
    static final double WIDTH = 0.25;
    private static final int MAX_CASES = 20_000;

    /**
     * One candidate with votes.
     *
     * @param terms prior, model, then each vote: logarithms of likelihoods
     */
    record Case(double[] terms, int votes, boolean hasModel, int gold) {}

    static Temperatures fit(List<Case> cases, int classes, double expected) {
        List<Case> gold = thinned(cases.stream().filter(c -> c.gold >= 0).toList());
        List<Case> goldWithModel = gold.stream().filter(Case::hasModel).toList();
        double correlation = expected;
        if (gold.size() >= MIN_GOLD) {
            correlation =
                    minimise(rho -> goldLoss(gold, classes, rho, Double.POSITIVE_INFINITY) + pull(rho, expected), 0, 1);
        }
        double model = 1;
        if (goldWithModel.size() >= MIN_GOLD) {
            double fixed = correlation;
            model = StrictMath.exp(minimise(
                    log -> goldLoss(goldWithModel, classes, fixed, StrictMath.exp(log))
                            + pullToOne(StrictMath.exp(log)),
                    StrictMath.log(0.5),
                    StrictMath.log(10)));
        }
        return new Temperatures(correlation, model, gold.size() >= MIN_GOLD ? gold.size() : 0);
    }

    /** By what the log-likelihood of {@code votes} votes is divided, at least 1. */
    static double ofVotes(double correlation, int votes) {
        return 1 + correlation * Math.max(0, votes - 1);
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

    private static double pull(double correlation, double expected) {
        double offset = StrictMath.log(ofVotes(correlation, 4) / ofVotes(expected, 4)) / WIDTH;
        return offset * offset / 2;
    }

    private static double pullToOne(double temperature) {
        double offset = StrictMath.log(temperature) / 0.5;
        return offset * offset / 2;
    }

    /** Minus the log-probability of the gold standards; an infinite {@code model} temperature leaves the model out. */
    private static double goldLoss(List<Case> cases, int classes, double correlation, double model) {
        double[] p = new double[classes];
        double loss = 0;
        for (Case one : cases) {
            sum(one, classes, p);
            double votes = ofVotes(correlation, one.votes);
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

    /** Golden-section search; 30 steps leave 1e-6 of the interval. */
    private static double minimise(DoubleUnaryOperator loss, double from, double to) {
        double ratio = (StrictMath.sqrt(5) - 1) / 2;
        double low = from;
        double high = to;
        double left = high - ratio * (high - low);
        double right = low + ratio * (high - low);
        double atLeft = loss.applyAsDouble(left);
        double atRight = loss.applyAsDouble(right);
        for (int i = 0; i < 30; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - ratio * (high - low);
                atLeft = loss.applyAsDouble(left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + ratio * (high - low);
                atRight = loss.applyAsDouble(right);
            }
        }
        return (low + high) / 2;
    }
}
