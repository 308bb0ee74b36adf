package org.skysieve.engine.consensus;

/**
 * By what the log-likelihood of votes is divided, so that their posterior means what it says: {@code lone * (1 + (n - 1)
 * rho)} for n votes on a candidate. See {@link Temperatures} for the source and the fit.
 *
 * @param lone what a single vote is divided by: more than 1 where confusion matrices, learned from few votes, claim too
 *     much; in [0.5, 4]
 * @param correlation rho, of two votes on a candidate beyond its class; in [0, 1]
 */
public record VoteTemperature(double lone, double correlation) {
    public double of(int votes) {
        return lone * designEffect(votes);
    }

    /** How many independent votes each of so many stands for, in (0, 1]: the inverse of the design effect. */
    double worth(int votes) {
        return 1 / designEffect(votes);
    }

    private double designEffect(int votes) {
        return 1 + correlation * Math.max(0, votes - 1);
    }
}
