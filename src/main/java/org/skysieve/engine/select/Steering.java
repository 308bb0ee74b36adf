package org.skysieve.engine.select;

/**
 * Hard candidates to reliable volunteers, easy ones to newcomers. What is ranked is hard, what comes for variety is mostly
 * easy, so it is enough to move shares between the two: with s the standing of a volunteer and m the smaller of both shares,
 *
 * <pre>
 *   s = -h + (1 - h) (2 q - 1),   h = n / (n + votes)        variety - s * steering * m,   ranked + s * steering * m
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
}
