package org.skysieve.engine.consensus;

import org.skysieve.engine.math.BetaDistribution;
import org.skysieve.engine.math.Interval;

/**
 * What is known of a volunteer, over all brightnesses.
 *
 * @param votes how many votes of theirs stand
 * @param goldSeen on how many gold standards they have voted
 * @param goldAgreed how many of those votes name the true class
 * @param classes the side K of the matrices
 * @param counts soft counts, {@code [truth * classes + answer]}, without any prior
 * @param confusion posterior-mean P(answer | truth), row-major by truth
 * @param strength what the prior in {@code confusion} is worth, in votes a row
 */
public record VolunteerReliability(
        long volunteer,
        boolean guest,
        int votes,
        int goldSeen,
        int goldAgreed,
        int classes,
        double[] counts,
        double[] confusion,
        double strength) {

    /** Posterior-mean P(right | truth). */
    public double accuracy(int truth) {
        return confusion[truth * classes + truth];
    }

    /**
     * The equal-tailed credible interval of P(right | truth), from the beta distribution whose counts are the
     * volunteer's soft counts and the prior.
     *
     * @param level in (0, 1), such as 0.95
     */
    public Interval accuracyInterval(int truth, double level) {
        double seen = 0;
        for (int a = 0; a < classes; a++) {
            seen += counts[truth * classes + a];
        }
        double total = seen + strength;
        double right = total * accuracy(truth);
        BetaDistribution beta = new BetaDistribution(right, total - right);
        double tail = (1 - level) / 2;
        return new Interval(beta.quantile(tail), beta.quantile(1 - tail));
    }
}
