package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

import org.skysieve.engine.math.Softmax;

/**
 * What makes posteriors mean what they say. Votes are not independent given the truth (what misleads one volunteer
 * misleads the next), so the plain product of their likelihoods claims too much. With a correlation {@code rho} between
 * any two votes on a candidate, n votes are worth {@code n / (1 + (n - 1) rho)} independent ones (the design effect of
 * Kish 1965): their log-likelihood is divided by {@code lone * (1 + (n - 1) rho)}, and the prior is left alone.
 *
 * <p>With at least {@value #MIN_GOLD} gold standards, {@code rho} and {@code lone} are where the votes best predict the
 * gold, under log-normal priors: of width {@value #WIDTH} around what is expected in the temperature of four votes, and
 * of the same width around 1 in {@code lone}. Each gold standard stands for itself at every number of votes up to
 * {@value #MOST_VOTES}, with weight 1 in all: candidates retire with few votes, while gold standards collect hundreds.
 * The terms must come from a fit to which that gold standard's class was unknown: known ones are judged by better
 * matrices than other candidates, the temperatures come out too low, and the others claim too much. With fewer gold
 * standards the temperatures are what is expected. (How well votes predict each other tells little: where candidates
 * retire as soon as votes agree, those with many votes are those that people
 * disagree on.) The model's temperature stays 1 without gold: what its bins mean is learned already.
 *
 * @param model the model's log-likelihood is divided by this, in [0.5, 10]
 * @param goldUsed how many gold standards the temperatures rest on, 0 if on none
 */
record Temperatures(VoteTemperature votes, double model, int goldUsed) {
    static final int MIN_GOLD = 20;
    static final double WIDTH = 0.25;
    static final int MOST_VOTES = 13;
    private static final int STEPS = 16;
    private static final int MAX_CASES = 1_000;
    private static final double LEAST_LONE = 0.5;
    private static final double MOST_LONE = 4;

    /**
     * A gold standard with votes.
     *
     * @param terms prior, model, then each vote: logarithms of likelihoods, from a fit that did not know its class
     * @param votes at least 1
     */
    record Case(double[] terms, int votes, boolean hasModel, int gold) {}

    /** The first votes of a gold standard: all that its loss depends on. */
    private record Prefix(double[] prior, double[] sum, int votes, int gold, double weight) {}

    /** @param gold all gold standards with votes, in a fixed order */
    static Temperatures fit(List<Case> gold, int classes, double expected) {
        if (gold.size() < MIN_GOLD) {
            return new Temperatures(new VoteTemperature(1, expected), 1, 0);
        }
        VoteTemperature votes = fitVotes(thinned(gold), classes, expected);
        List<Case> withModel = thinned(gold.stream().filter(Case::hasModel).toList());
        double model = 1;
        if (withModel.size() >= MIN_GOLD) {
            model = StrictMath.exp(minimise(
                    log -> modelLoss(withModel, classes, votes, StrictMath.exp(log)) + pull(log, 0.5),
                    StrictMath.log(0.5),
                    StrictMath.log(10)));
        }
        return new Temperatures(votes, model, gold.size());
    }

    /** A search within a search: the two trade off along a ridge, on which one after the other would creep. */
    private static VoteTemperature fitVotes(List<Case> gold, int classes, double expected) {
        List<Prefix> prefixes = prefixes(gold, classes);
        double correlation = minimise(
                rho -> loss(prefixes, classes, new VoteTemperature(lone(prefixes, classes, rho), rho), expected), 0, 1);
        return new VoteTemperature(lone(prefixes, classes, correlation), correlation);
    }

    // The correlation stands for what is expected of it: its own prior is the outer search's.
    private static double lone(List<Prefix> prefixes, int classes, double correlation) {
        return StrictMath.exp(minimise(
                log -> loss(prefixes, classes, new VoteTemperature(StrictMath.exp(log), correlation), correlation),
                StrictMath.log(LEAST_LONE),
                StrictMath.log(MOST_LONE)));
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

    private static List<Prefix> prefixes(List<Case> cases, int classes) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int c = 0; c < cases.size(); c++) {
            Case one = cases.get(c);
            double[] prior = java.util.Arrays.copyOf(one.terms, classes);
            double[] sum = new double[classes];
            int most = Math.min(one.votes, MOST_VOTES);
            for (int n = 1; n <= most; n++) {
                // Each case starts elsewhere: votes lie in order of their volunteers, and the first are the oldest
                // hands.
                int vote = (c + n - 1) % one.votes;
                for (int t = 0; t < classes; t++) {
                    sum[t] += one.terms[(2 + vote) * classes + t];
                }
                prefixes.add(new Prefix(prior, sum.clone(), n, one.gold, 1.0 / most));
            }
        }
        return prefixes;
    }

    /** A log-normal prior, as what it adds to the loss. */
    private static double pull(double logarithm, double width) {
        double offset = logarithm / width;
        return offset * offset / 2;
    }

    /** Minus the log-probability of the gold standards, from votes alone, and of the temperature under its priors. */
    private static double loss(List<Prefix> prefixes, int classes, VoteTemperature temperature, double expected) {
        double[] p = new double[classes];
        double loss = pull(StrictMath.log(temperature.lone()), WIDTH)
                + pull(StrictMath.log((1 + 3 * temperature.correlation()) / (1 + 3 * expected)), WIDTH);
        for (Prefix one : prefixes) {
            double by = temperature.of(one.votes);
            for (int t = 0; t < classes; t++) {
                p[t] = one.prior[t] + one.sum[t] / by;
            }
            loss += one.weight * surprise(p, one.gold);
        }
        return loss;
    }

    private static double modelLoss(List<Case> cases, int classes, VoteTemperature temperature, double model) {
        double[] p = new double[classes];
        double loss = 0;
        for (Case one : cases) {
            double by = temperature.of(one.votes);
            for (int t = 0; t < classes; t++) {
                double sum = 0;
                for (int i = 0; i < one.votes; i++) {
                    sum += one.terms[(2 + i) * classes + t];
                }
                p[t] = one.terms[t] + sum / by + one.terms[classes + t] / model;
            }
            loss += surprise(p, one.gold);
        }
        return loss;
    }

    private static double surprise(double[] logits, int truth) {
        Softmax.inPlace(logits);
        return -StrictMath.log(Math.max(logits[truth], 1e-15));
    }

    /** Golden-section search; {@value #STEPS} steps leave 5e-4 of the interval. */
    private static double minimise(DoubleUnaryOperator loss, double from, double to) {
        double ratio = (StrictMath.sqrt(5) - 1) / 2;
        double low = from;
        double high = to;
        double left = high - ratio * (high - low);
        double right = low + ratio * (high - low);
        double atLeft = loss.applyAsDouble(left);
        double atRight = loss.applyAsDouble(right);
        for (int i = 0; i < STEPS; i++) {
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
