package org.skysieve.engine.select;

import java.util.Arrays;

/**
 * Hard candidates to reliable volunteers, easy ones to newcomers. What is ranked is hard, what comes for variety is mostly
 * easy, so shares move between the two; and among what is ranked, an open candidate is the harder the more votes it has
 * had. With s the standing of a volunteer and m the smaller of both shares,
 *
 * <pre>
 *   s = -h + (1 - h) (2 q - 1),   h = n / (n + votes)        variety - s * steering * m,   ranked + s * steering * m
 *   weight of a ranked candidate x 2^(s * steering * (its votes - their mean over what can be drawn))
 * </pre>
 *
 * where q is the {@link Disagreement#skill} and n the votes after which somebody counts as known as much as new. A newcomer
 * has s = -1, somebody known to be perfect 1, somebody known to guess -1. Everybody keeps some of both.
 */
public final class Steering {
    private Steering() {}

    /**
     * Where a volunteer stands.
     *
     * @param votes of theirs, at least 0
     * @param skill in [0, 1]
     * @param newcomerVotes at least 1
     * @return in [-1, 1]
     */
    public static double standing(int votes, double skill, int newcomerVotes) {
        double newness = newcomerVotes / (double) (newcomerVotes + votes);
        return -newness + (1 - newness) * (2 * skill - 1);
    }

    /**
     * The share of variety for somebody.
     *
     * @param variety of the rules
     * @param ranked what all other shares leave
     * @param steering in [0, 1)
     */
    public static double varietyShare(double variety, double ranked, double standing, double steering) {
        return variety - standing * steering * Math.min(variety, Math.max(0, ranked));
    }

    /**
     * Factors of the weights by which ranked candidates are drawn.
     *
     * @param votes of each candidate so far
     * @return all positive; 1 where a candidate has as many votes as the others on average
     */
    public static double[] tilts(int[] votes, double standing, double steering) {
        double mean = Arrays.stream(votes).average().orElse(0);
        return Arrays.stream(votes)
                .mapToDouble(count -> Math.pow(2, standing * steering * (count - mean)))
                .toArray();
    }
}
