package org.skysieve.engine.select;

/**
 * Progress per vote: the probability that one more vote by the one who is asked settles the candidate or turns its leading
 * class, over the votes that it is still expected to need. Nearly settled candidates come first, hopeless ones last, and a
 * volunteer whose answers say little is not sent where they change nothing.
 *
 * <p>Votes still needed: for each truth t, the way from the posterior's log odds to the threshold's over the expected
 * step of one typical vote, {@code D_t = min over u of sum_a P(a | t) ln (P(a | t) / P(a | u))} nats (Kullback-Leibler),
 * at least 1 and at most what the limit leaves; then the mean over t under the posterior. Source: Wald (1945), the
 * expected length of a sequential test.
 */
public final class SettlingPerVote implements QueryStrategy {
    private static final double LEAST_STEP = 1e-3;
    private static final double LEAST_RATE = 1e-6;

    private final VoteValue asked;
    private final double[] steps;
    private final double retireAt;
    private final int maxVotes;

    /**
     * @param asked P(answer | truth) of who is asked, {@code [truth * classes + answer]}; each row sums to 1
     * @param typical the same of the crowd that will vote later
     * @param retireAt the posterior that settles, in (0.5, 1)
     * @param maxVotes after which a candidate is settled anyway, at least 1
     */
    public SettlingPerVote(double[] asked, double[] typical, int classes, double retireAt, int maxVotes) {
        if (!(retireAt > 0.5 && retireAt < 1) || maxVotes < 1 || typical.length != classes * classes) {
            throw new IllegalArgumentException("settling per vote: got threshold " + retireAt + ", " + maxVotes
                    + " votes, " + typical.length + " entries for " + classes
                    + " classes, need (0.5, 1), 1 or more, classes^2");
        }
        this.asked = new VoteValue(asked, classes);
        this.retireAt = retireAt;
        this.maxVotes = maxVotes;
        steps = new double[classes];
        for (int t = 0; t < classes; t++) {
            steps[t] = step(typical, classes, t);
        }
    }

    @Override
    public double usefulness(Belief belief) {
        return Math.min(1, asked.changes(belief, retireAt) / votesNeeded(belief));
    }

    /** Votes that this candidate is expected to need until it is settled, in [1, votes that the limit leaves]. */
    public double votesNeeded(Belief belief) {
        double most = Math.max(1, maxVotes - belief.votes());
        double threshold = logOdds(retireAt);
        double needed = 0;
        for (int t = 0; t < steps.length; t++) {
            double way = threshold - logOdds(belief.p(t));
            needed += belief.p(t) * Math.max(1, Math.min(most, way / steps[t]));
        }
        return needed;
    }

    private static double step(double[] confusion, int classes, int t) {
        double least = Double.POSITIVE_INFINITY;
        for (int u = 0; u < classes; u++) {
            if (u != t) {
                double divergence = 0;
                for (int a = 0; a < classes; a++) {
                    double p = Math.max(LEAST_RATE, confusion[t * classes + a]);
                    double q = Math.max(LEAST_RATE, confusion[u * classes + a]);
                    divergence += p * Math.log(p / q);
                }
                least = Math.min(least, divergence);
            }
        }
        return Math.max(LEAST_STEP, least);
    }

    private static double logOdds(double p) {
        double inside = Math.max(LEAST_RATE, Math.min(1 - LEAST_RATE, p));
        return Math.log(inside / (1 - inside));
    }
}
