package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * How well the votes of a crowd agree beyond chance: Krippendorff's alpha for nominal data and Fleiss' kappa, kept up to
 * date vote by vote. With n_ck votes for class k among the m_c votes on candidate c:
 *
 * <pre>
 * alpha = 1 - (n - 1) sum_c sum_{k != l} n_ck n_cl / (m_c - 1)  /  sum_{k != l} n_k n_l     over candidates with m_c >= 2
 *         n_k: votes for k on those, n: all votes on those
 * kappa = (P - Pe) / (1 - Pe)
 *         P  = mean over candidates with m_c >= 2 of  sum_k n_ck (n_ck - 1) / (m_c (m_c - 1))
 *         Pe = sum_k p_k^2,  p_k = mean over candidates with m_c >= 1 of  n_ck / m_c
 * </pre>
 *
 * <p>Kappa is Gwet's generalisation to unequal numbers of votes; with as many votes on each candidate it is Fleiss' own.
 * Alpha weighs candidates by their votes and corrects for small samples, kappa weighs all candidates the same. Both are
 * 1 for full agreement and 0 for chance; rarely chosen classes lower both, however accurate the crowd (report them beside
 * the class shares).
 *
 * <p>The state is sums of whole numbers, one set for each number of votes on a candidate. So order changes nothing, a vote
 * taken back leaves no trace, and an update costs O(classes). Not thread-safe.
 *
 * <p>Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability"; Fleiss (1971), Psychological Bulletin 76,
 * 378; Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition, chapter 2.
 */
public final class Agreement {
    private final int classes;
    private long[] candidates = new long[8]; // [votes on the candidate]
    private long[] agreeingPairs = new long[8]; // [votes on the candidate], ordered pairs
    private long[] chosen; // [votes on the candidate * classes + class]

    public Agreement(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("agreement: got " + classes + " classes, need at least 2");
        }
        this.classes = classes;
        this.chosen = new long[8 * classes];
    }

    /** Of all votes of a table. */
    public static Agreement of(VoteTable votes) {
        Agreement agreement = new Agreement(votes.classes());
        int[] counts = new int[votes.classes()];
        for (int c = 0; c < votes.candidates(); c++) {
            Arrays.fill(counts, 0);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                counts[votes.answer(i)]++;
            }
            agreement.put(counts, 1);
        }
        return agreement;
    }

    /**
     * Counts candidates on which votes are shared out alike.
     *
     * @param counts votes for each class on every one of them
     * @param times how many there are, at least 0
     */
    public void add(int[] counts, long times) {
        check(counts);
        if (times < 0) {
            throw new IllegalArgumentException("agreement: got " + times + " candidates, need 0 or more");
        }
        put(counts, times);
    }

    /**
     * The votes on one candidate have changed.
     *
     * @param before votes for each class so far; zeros for a new candidate
     * @param after votes for each class from now on
     */
    public void change(int[] before, int[] after) {
        check(before);
        check(after);
        put(before, -1);
        put(after, 1);
    }

    private void check(int[] counts) {
        if (counts.length != classes || Arrays.stream(counts).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("agreement: got votes " + Arrays.toString(counts) + ", need " + classes
                    + " numbers and none negative");
        }
    }

    private void put(int[] counts, long times) {
        int votes = 0;
        long pairs = 0;
        for (int n : counts) {
            votes += n;
            pairs += n * (n - 1L);
        }
        if (votes == 0) {
            return;
        }
        if (votes >= candidates.length) {
            int length = Math.max(votes + 1, 2 * candidates.length);
            candidates = Arrays.copyOf(candidates, length);
            agreeingPairs = Arrays.copyOf(agreeingPairs, length);
            chosen = Arrays.copyOf(chosen, length * classes);
        }
        candidates[votes] += times;
        agreeingPairs[votes] += times * pairs;
        for (int k = 0; k < classes; k++) {
            chosen[votes * classes + k] += times * counts[k];
        }
    }

    /** How many votes stand. */
    public long votes() {
        return Arrays.stream(chosen).sum();
    }

    /** How many votes stand for a class. */
    public long votes(int answer) {
        long sum = 0;
        for (int m = 1; m < candidates.length; m++) {
            sum += chosen[m * classes + answer];
        }
        return sum;
    }

    /** How many candidates have two votes or more: what agreement can be seen on. */
    public long comparable() {
        return Arrays.stream(candidates, 2, candidates.length).sum();
    }

    /**
     * Krippendorff's alpha for nominal data, at most 1; NaN when no candidate has two votes or when all votes on such
     * candidates name one class (agreement by chance is then certain).
     */
    public double alpha() {
        double disagreement = 0;
        double[] total = new double[classes];
        double votes = 0;
        for (int m = 2; m < candidates.length; m++) {
            disagreement += ((double) m * (m - 1) * candidates[m] - agreeingPairs[m]) / (m - 1);
            for (int k = 0; k < classes; k++) {
                total[k] += chosen[m * classes + k];
                votes += chosen[m * classes + k];
            }
        }
        double expected = votes * votes;
        for (double n : total) {
            expected -= n * n;
        }
        return expected > 0 ? 1 - (votes - 1) * disagreement / expected : Double.NaN;
    }

    /** Fleiss' kappa as generalised by Gwet, at most 1; NaN as {@link #alpha()} is. */
    public double kappa() {
        double observed = 0;
        double[] share = new double[classes];
        double all = 0;
        for (int m = 1; m < candidates.length; m++) {
            observed += m < 2 ? 0 : agreeingPairs[m] / (m * (m - 1.0));
            all += candidates[m];
            for (int k = 0; k < classes; k++) {
                share[k] += chosen[m * classes + k] / (double) m;
            }
        }
        double expected = 0;
        for (double s : share) {
            expected += s / all * (s / all);
        }
        long comparable = comparable();
        // 1 - expected is exactly 0 when one class has every vote: its share is then a whole number over itself.
        return comparable > 0 && expected < 1 ? (observed / comparable - expected) / (1 - expected) : Double.NaN;
    }
}
