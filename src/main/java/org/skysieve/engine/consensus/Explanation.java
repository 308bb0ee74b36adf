package org.skysieve.engine.consensus;

import java.util.List;

import org.skysieve.engine.math.Softmax;

/**
 * Why a candidate's posterior is what it is. All terms are natural logarithms of likelihoods, one per class; they are
 * those used when the posterior was last computed, and {@link #crowd()} and {@link #combined()} are computed from them by the same
 * operations in the same order: they equal the stored posteriors to the last bit.
 *
 * <pre>
 * crowd    = softmax(prior + sum(votes) / voteTemperature)
 * combined = softmax(prior + sum(votes) / voteTemperature + model / modelTemperature)
 * </pre>
 *
 * @param prior ln P(class)
 * @param votes in order of volunteer id
 * @param model ln P(what the model said | class); zeros without evidence
 * @param voteTemperature of this candidate, from its number of votes and how correlated votes are
 * @param gold the known class, which overrides everything, or -1
 */
public record Explanation(
        long candidate,
        double[] prior,
        List<VoteTerm> votes,
        double[] model,
        double voteTemperature,
        double modelTemperature,
        int gold) {

    /** @param logLikelihood ln P(answer | class, this volunteer, this brightness), one per class */
    public record VoteTerm(long volunteer, int answer, double[] logLikelihood) {

        /** By how much the vote speaks for {@code oneClass} over {@code other}, in nats, before the temperature. */
        public double logLikelihoodRatio(int oneClass, int other) {
            return logLikelihood[oneClass] - logLikelihood[other];
        }
    }

    /** The sum of the votes' terms, per class, before the temperature. */
    public double[] voteSum() {
        double[] sum = new double[prior.length];
        for (VoteTerm vote : votes) {
            for (int t = 0; t < sum.length; t++) {
                sum[t] += vote.logLikelihood[t];
            }
        }
        return sum;
    }

    /** Calibrated P(class) from the votes alone. */
    public double[] crowd() {
        return gold >= 0 ? certain() : crowdWithoutGold();
    }

    /** Calibrated P(class) from the votes and the model. */
    public double[] combined() {
        return gold >= 0 ? certain() : combinedWithoutGold();
    }

    /** What the votes say, as if the truth were not known: for honest measures on gold standards. */
    public double[] crowdWithoutGold() {
        double[] p = voteSum();
        for (int t = 0; t < p.length; t++) {
            p[t] = prior[t] + p[t] / voteTemperature;
        }
        Softmax.inPlace(p);
        return p;
    }

    /** What votes and model say, as if the truth were not known. */
    public double[] combinedWithoutGold() {
        double[] p = voteSum();
        for (int t = 0; t < p.length; t++) {
            p[t] = prior[t] + p[t] / voteTemperature + model[t] / modelTemperature;
        }
        Softmax.inPlace(p);
        return p;
    }

    private double[] certain() {
        double[] p = new double[prior.length];
        p[gold] = 1;
        return p;
    }
}
