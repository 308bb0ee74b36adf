package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * GLAD: a volunteer has an ability, a candidate a difficulty, and together they say how often the answer is right.
 *
 * <pre>
 * P(right)  =  sigma(a_v b_c),  errors shared equally;   a_v ~ N(1, 1),  ln b_c ~ N(0, 1)
 * E  P(t)   ~  prod_v P(answer_v | t)                            every class as probable beforehand
 * M  {@value #STEPS} steps up the gradient of the expected log-posterior in a_v and ln b_c, each divided by its curvature bound
 * </pre>
 *
 * <p>O(votes * (classes + steps)) a sweep, all in logarithms: one exponential a vote and step, the slowest of the family.
 *
 * <p>Limits: blind to which class is confused with which; with few votes a candidate difficulty is mostly its prior.
 *
 * <p>Source: Whitehill, Ruvolo, Wu, Bergsma and Movellan (2009), Whose vote should count more, NIPS. The ascent (their
 * conjugate gradient) is ours: fixed steps, so that it is the same everywhere.
 */
final class Glad implements ConsensusMethod {
    private static final int SWEEPS = 50;
    private static final int STEPS = 5;
    private static final double TOLERANCE = 1e-3;

    @Override
    public String name() {
        return "glad";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        double[] ability = new double[votes.volunteers()];
        double[] logEase = new double[votes.candidates()];
        Arrays.fill(ability, 1);
        Posteriors posteriors = MajorityVote.held(input, MajorityVote.fit(votes));
        double moved = Double.POSITIVE_INFINITY;
        int sweep = 0;
        while (sweep < SWEEPS && moved > TOLERANCE) {
            for (int step = 0; step < STEPS; step++) {
                climb(votes, posteriors, ability, logEase);
            }
            Posteriors next = expect(input, ability, logEase);
            moved = OneCoin.change(posteriors, next);
            posteriors = next;
            sweep++;
        }
        double[] right = new double[ability.length];
        for (int v = 0; v < right.length; v++) {
            right[v] = sigma(ability[v]);
        }
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, posteriors),
                OneCoin.confusions(classes, right),
                MajorityVote.mean(input, posteriors),
                1,
                sweep,
                moved <= TOLERANCE,
                "Ability of each volunteer and difficulty of each candidate; matrices are at average difficulty.");
    }

    /** One damped Newton-like step: the curvature of ln sigma(x) is at most 1/4. */
    private static void climb(VoteTable votes, Posteriors posteriors, double[] ability, double[] logEase) {
        double[] slope = new double[ability.length];
        double[] bend = new double[ability.length];
        for (int c = 0; c < votes.candidates(); c++) {
            double ease = StrictMath.exp(logEase[c]);
            double easeSlope = -logEase[c];
            double easeBend = 1;
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                int v = votes.volunteer(i);
                double x = ability[v] * ease;
                double residual = posteriors.get(c, votes.answer(i)) - sigma(x);
                slope[v] += residual * ease;
                bend[v] += ease * ease / 4;
                easeSlope += residual * x;
                easeBend += x * x / 4 + Math.abs(residual * x);
            }
            logEase[c] = Math.max(-4, Math.min(4, logEase[c] + easeSlope / easeBend));
        }
        for (int v = 0; v < ability.length; v++) {
            ability[v] += (slope[v] + 1 - ability[v]) / (bend[v] + 1);
        }
    }

    private static Posteriors expect(ConsensusInput input, double[] ability, double[] logEase) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        double[] flat = new double[votes.candidates() * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            for (int t = 0; t < classes; t++) {
                flat[c * classes + t] = input.isGold(c) ? input.gold(c, t) : 0;
            }
            if (input.isGold(c)) {
                continue;
            }
            double ease = StrictMath.exp(logEase[c]);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                // The odds of its class against any other: ln(sigma (K - 1) / (1 - sigma)) = x + ln(K - 1).
                flat[c * classes + votes.answer(i)] +=
                        ability[votes.volunteer(i)] * ease + StrictMath.log(classes - 1.0);
            }
            org.skysieve.engine.math.Softmax.inPlace(flat, c * classes, classes);
        }
        return new Posteriors(classes, flat);
    }

    private static double sigma(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
