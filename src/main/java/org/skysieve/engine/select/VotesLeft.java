package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How many more votes candidates need, and how many of them will be labelled positive: an absorbing Markov chain whose
 * states are bins of the posterior and the number of votes so far, learned from the votes of late (Kemeny and Snell 1960).
 * Every vote is one observed step, whether or not its candidate is finished, so easy candidates that finish first do not make
 * the rest look easy. Steps in states that were hardly seen borrow from all states with the same posterior.
 *
 * <p>Refits move and finish candidates without a vote. What they spared among the votes of late, they are expected to go
 * on sparing: with n votes, and refits whose moves were worth d more of them, the votes left count n / (n + d).
 */
public final class VotesLeft {
    private static final double[] POSITIVE = {0.05, 0.2, 0.5, 0.8, 0.95};
    private static final double[] LEADING = {0.7, 0.9};
    private static final int VOTES = 3;
    private static final int BINS = (POSITIVE.length + 1) * (LEADING.length + 1);
    private static final int STATES = BINS * VOTES;
    private static final int FINISHED_POSITIVE = STATES;
    private static final int FINISHED_OTHERWISE = STATES + 1;
    private static final int TARGETS = STATES + 2;

    /** A state counts its own steps in full and those of its posterior at other votes as so many. */
    private static final double BORROWED = 2;

    /** Refits are not expected to spare more than half of the votes, nor to double them. */
    private static final double LEAST_LEFT = 0.5;

    private final double[] steps = new double[STATES * TARGETS];
    private final double[] refits = new double[STATES * TARGETS];
    private final int mostVotes;
    private long seen;

    /** @param mostVotes after which a candidate is finished whatever its posterior, at least 1 */
    public VotesLeft(int mostVotes) {
        if (mostVotes < 1) {
            throw new IllegalArgumentException("votes left: got at most " + mostVotes + " votes, need at least 1");
        }
        this.mostVotes = mostVotes;
    }

    /** The state of an open candidate, in [0, {@link #states()}). Class 0 is the positive one. */
    public static int state(double[] posterior, int votes) {
        double leading = Arrays.stream(posterior).max().orElseThrow();
        int bin = bin(posterior[0], POSITIVE) * (LEADING.length + 1) + bin(leading, LEADING);
        return Math.min(votes, VOTES - 1) * BINS + bin;
    }

    public static int states() {
        return STATES;
    }

    private static int bin(double p, double[] edges) {
        int bin = 0;
        while (bin < edges.length && p >= edges[bin]) {
            bin++;
        }
        return bin;
    }

    /** A vote after which its candidate was still open. */
    public void stays(int before, int after) {
        observe(before, after);
    }

    /** A vote that finished its candidate. */
    public void finishes(int before, boolean positive) {
        observe(before, positive ? FINISHED_POSITIVE : FINISHED_OTHERWISE);
    }

    private void observe(int before, int target) {
        steps[before * TARGETS + target]++;
        seen++;
    }

    /** A refit that moved an open candidate without a vote. */
    public void refitted(int before, int after) {
        refits[before * TARGETS + after]++;
    }

    /** A refit that finished a candidate without a vote. */
    public void refitFinishes(int before, boolean positive) {
        refits[before * TARGETS + (positive ? FINISHED_POSITIVE : FINISHED_OTHERWISE)]++;
    }

    /** Votes that it has learned from. */
    public long seen() {
        return seen;
    }

    /**
     * What is to be expected of open candidates.
     *
     * @param votes more until all are finished
     * @param variance of that number, from candidate to candidate
     * @param positives of them that will be labelled positive
     */
    public record Expected(double votes, double variance, double positives) {}

    /** With the steps as they were seen. */
    public Expected of(long[] openByState) {
        return of(openByState, steps);
    }

    /** With one draw of the chances from their posterior (Dirichlet, by Wilson and Hilferty's gamma). */
    public Expected draw(long[] openByState, SplittableRandom random) {
        double[] drawn = new double[steps.length];
        for (int i = 0; i < drawn.length; i++) {
            if (steps[i] > 0) {
                double root = 1 - 1 / (9 * steps[i]) + random.nextGaussian() / (3 * Math.sqrt(steps[i]));
                drawn[i] = steps[i] * Math.max(0, root * root * root);
            }
        }
        return of(openByState, drawn);
    }

    private Expected of(long[] openByState, double[] counts) {
        if (openByState.length != STATES) {
            throw new IllegalArgumentException("votes left: got " + openByState.length + " states, need " + STATES);
        }
        double[] chances = chances(counts);
        double[] votes = new double[STATES];
        double[] squares = new double[STATES];
        double[] positives = new double[STATES];
        // Backwards from the last vote that may be asked for.
        for (int step = 0; step < mostVotes; step++) {
            double[] nextVotes = new double[STATES];
            double[] nextSquares = new double[STATES];
            double[] nextPositives = new double[STATES];
            for (int s = 0; s < STATES; s++) {
                double v = 1;
                double q = 1;
                double p = chances[s * TARGETS + FINISHED_POSITIVE];
                for (int t = 0; t < STATES; t++) {
                    double chance = chances[s * TARGETS + t];
                    if (chance > 0) {
                        v += chance * votes[t];
                        q += chance * (2 * votes[t] + squares[t]);
                        p += chance * positives[t];
                    }
                }
                nextVotes[s] = v;
                nextSquares[s] = q;
                nextPositives[s] = p;
            }
            votes = nextVotes;
            squares = nextSquares;
            positives = nextPositives;
        }
        double sum = 0;
        double variance = 0;
        double positive = 0;
        for (int s = 0; s < STATES; s++) {
            sum += openByState[s] * votes[s];
            variance += openByState[s] * Math.max(0, squares[s] - votes[s] * votes[s]);
            positive += openByState[s] * positives[s];
        }
        return new Expected(sum * afterRefits(votes), variance, positive);
    }

    private double afterRefits(double[] votes) {
        double spared = 0;
        for (int s = 0; s < STATES; s++) {
            for (int t = 0; t < TARGETS; t++) {
                spared += refits[s * TARGETS + t] * (votes[s] - (t < STATES ? votes[t] : 0));
            }
        }
        return Math.max(LEAST_LEFT, Math.min(1 / LEAST_LEFT, seen / Math.max(1, seen + spared)));
    }

    /** Rows sum to 1. */
    private static double[] chances(double[] counts) {
        double[] chances = new double[STATES * TARGETS];
        double[] everywhere = new double[2];
        for (int s = 0; s < STATES; s++) {
            everywhere[0] += counts[s * TARGETS + FINISHED_POSITIVE];
            everywhere[1] += counts[s * TARGETS + FINISHED_OTHERWISE];
        }
        double finished = Math.max(1e-9, everywhere[0] + everywhere[1]);
        for (int bin = 0; bin < BINS; bin++) {
            double[] finishing = new double[2];
            double all = 0;
            for (int v = 0; v < VOTES; v++) {
                int s = v * BINS + bin;
                all += Arrays.stream(counts, s * TARGETS, (s + 1) * TARGETS).sum();
                finishing[0] += counts[s * TARGETS + FINISHED_POSITIVE];
                finishing[1] += counts[s * TARGETS + FINISHED_OTHERWISE];
            }
            for (int v = 0; v < VOTES; v++) {
                int s = v * BINS + bin;
                double own =
                        Arrays.stream(counts, s * TARGETS, (s + 1) * TARGETS).sum();
                double total = own + BORROWED;
                for (int t = 0; t < TARGETS; t++) {
                    chances[s * TARGETS + t] = counts[s * TARGETS + t] / total;
                }
                // Borrowed: finish as others of this posterior do, else stay; with none seen, as all do.
                double rate = all > 0 ? (finishing[0] + finishing[1]) / all : 0.5;
                double share = all > 0 && finishing[0] + finishing[1] > 0
                        ? finishing[0] / (finishing[0] + finishing[1])
                        : everywhere[0] / finished;
                double borrowed = BORROWED / total;
                chances[s * TARGETS + FINISHED_POSITIVE] += borrowed * rate * share;
                chances[s * TARGETS + FINISHED_OTHERWISE] += borrowed * rate * (1 - share);
                int next = Math.min(v + 1, VOTES - 1) * BINS + bin;
                chances[s * TARGETS + next] += borrowed * (1 - rate);
            }
        }
        return chances;
    }
}
