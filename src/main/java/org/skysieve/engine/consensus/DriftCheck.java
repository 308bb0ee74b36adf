package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * Whether a volunteer has become better or worse: their latest votes against all before, as a likelihood ratio of one
 * rate of right answers against two.
 *
 * <pre>
 * G = 2 ( l(recent) + l(earlier) - l(both) ),   l(k of n) = k ln(k/n) + (n - k) ln(1 - k/n)
 * </pre>
 *
 * <p>Without a change G is about chi-squared with one degree of freedom (10.8 is passed by one in a thousand). What is
 * right is soft: P(the answer is the class). Adding a vote is O(1) amortised, taking one back costs its distance from the
 * end, asking O(window). Sums are whole numbers, so a vote that came and went leaves no trace. Not thread-safe.
 *
 * <p>Source: the two-window form of the generalised likelihood-ratio test for a change of a rate, as in Basseville and
 * Nikiforov (1993), Detection of Abrupt Changes, chapter 2.
 */
public final class DriftCheck {
    private static final double ONE = 1L << 32;

    private final int window;
    private long[] votes = new long[8];
    private long[] rights = new long[8];
    private int size;
    private long sum;

    /** @param window how many votes count as recent, at least 1 */
    public DriftCheck(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("drift: got a window of " + window + " votes, need 1 or more");
        }
        this.window = window;
    }

    /**
     * @param earlier votes before the window
     * @param earlierRate share of right ones among them
     * @param recent votes in the window
     * @param recentRate share of right ones among them
     * @param statistic G; 0 until there are as many votes before the window as in it
     */
    public record Finding(int earlier, double earlierRate, int recent, double recentRate, double statistic) {
        public boolean gotWorse() {
            return recentRate < earlierRate;
        }
    }

    /**
     * @param vote its id; no two are the same
     * @param right P(the answer is the class), in [0, 1]
     */
    public void add(long vote, double right) {
        if (!(right >= 0 && right <= 1)) {
            throw new IllegalArgumentException("drift: got P(right) = " + right + ", need 0 to 1");
        }
        if (size == votes.length) {
            votes = Arrays.copyOf(votes, 2 * size);
            rights = Arrays.copyOf(rights, 2 * size);
        }
        votes[size] = vote;
        rights[size] = (long) Math.rint(right * ONE);
        sum += rights[size++];
    }

    /** @throws IllegalArgumentException when there is no such vote */
    public void remove(long vote) {
        int at = size - 1;
        while (at >= 0 && votes[at] != vote) {
            at--;
        }
        if (at < 0) {
            throw new IllegalArgumentException("drift: got vote " + vote + ", need one that was added");
        }
        sum -= rights[at];
        size--;
        System.arraycopy(votes, at + 1, votes, at, size - at);
        System.arraycopy(rights, at + 1, rights, at, size - at);
    }

    public int votes() {
        return size;
    }

    public Finding finding() {
        int recent = Math.min(window, size);
        int earlier = size - recent;
        long inWindow = 0;
        for (int i = earlier; i < size; i++) {
            inWindow += rights[i];
        }
        double k = inWindow / ONE;
        double before = (sum - inWindow) / ONE;
        double statistic = earlier < window
                ? 0
                : 2 * (logLikelihood(k, recent) + logLikelihood(before, earlier) - logLikelihood(k + before, size));
        return new Finding(earlier, before / earlier, recent, k / recent, Math.max(0, statistic));
    }

    private static double logLikelihood(double k, int n) {
        return term(k, n) + term(n - k, n);
    }

    private static double term(double k, int n) {
        return k <= 0 ? 0 : k * Math.log(k / n);
    }
}
