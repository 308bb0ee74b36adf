package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * All that a batch consensus is fitted on: the votes, and optionally what is known beside them. Immutable; the
 * {@code with...} methods return a copy with one thing more.
 *
 * <ul>
 *   <li><b>Gold</b>: candidates whose class is known, for certain or as probabilities. Their posterior is held at it.
 *   <li><b>Model evidence</b>: class probabilities that a classifier claims. They are taken as one more annotator whose
 *       confusion is learned, never at face value, and no volunteer is rated by them (see {@link ModelEvidence}).
 *   <li><b>Strata</b>: a small covariate of each candidate (brightness, say) on which reliability may depend.
 * </ul>
 */
public final class ConsensusInput {
    private static final double[] NONE = {};

    private final VoteTable votes;
    private final double[] gold;
    private final int goldCount;
    private final double[] model;
    private final int strata;
    private final int[] stratum;
    private final long seed;

    private ConsensusInput(
            VoteTable votes, double[] gold, int goldCount, double[] model, int strata, int[] stratum, long seed) {
        this.votes = votes;
        this.gold = gold;
        this.goldCount = goldCount;
        this.model = model;
        this.strata = strata;
        this.stratum = stratum;
        this.seed = seed;
    }

    /** Votes alone: no gold, no model, one stratum, seed 1. */
    public static ConsensusInput of(VoteTable votes) {
        return new ConsensusInput(votes, NONE, 0, NONE, 1, new int[0], 1);
    }

    /** @param truth the known class of each candidate, -1 where it is unknown */
    public ConsensusInput withGold(int[] truth) {
        checkLength("gold", truth.length, votes.candidates());
        int classes = votes.classes();
        double[] rows = new double[truth.length * classes];
        for (int c = 0; c < truth.length; c++) {
            if (truth[c] < -1 || truth[c] >= classes) {
                throw new IllegalArgumentException("gold: candidate " + c + " has class " + truth[c]
                        + ", need -1 (unknown) or 0 <= class < " + classes);
            }
            if (truth[c] < 0) {
                Arrays.fill(rows, c * classes, (c + 1) * classes, Double.NaN);
            } else {
                rows[c * classes + truth[c]] = 1;
            }
        }
        return withSoftGold(rows);
    }

    /**
     * @param probabilities P(truth), {@code [candidate * classes + truth]}; each row sums to 1, or is NaN throughout
     *     where the candidate is not gold
     */
    public ConsensusInput withSoftGold(double[] probabilities) {
        int known = checkRows("gold", probabilities);
        return new ConsensusInput(
                votes, known == 0 ? NONE : probabilities.clone(), known, model, strata, stratum, seed);
    }

    /**
     * @param probabilities what a classifier claims, {@code [candidate * classes + truth]}; each row sums to 1, or is NaN
     *     throughout where it said nothing
     */
    public ConsensusInput withModel(double[] probabilities) {
        int known = checkRows("model", probabilities);
        return new ConsensusInput(
                votes, gold, goldCount, known == 0 ? NONE : probabilities.clone(), strata, stratum, seed);
    }

    /**
     * @param strata how many there are, at least 1; a handful, for each costs every volunteer a matrix
     * @param stratum the stratum of each candidate, in [0, strata)
     */
    public ConsensusInput withStrata(int strata, int[] stratum) {
        checkLength("strata", stratum.length, votes.candidates());
        for (int c = 0; c < stratum.length; c++) {
            if (stratum[c] < 0 || stratum[c] >= strata) {
                throw new IllegalArgumentException(
                        "strata: candidate " + c + " has stratum " + stratum[c] + ", need 0 <= stratum < " + strata);
            }
        }
        return new ConsensusInput(
                votes, gold, goldCount, model, strata, strata == 1 ? new int[0] : stratum.clone(), seed);
    }

    /** The seed of the algorithms that start at random or draw folds; the same seed gives the same bits. */
    public ConsensusInput withSeed(long seed) {
        return new ConsensusInput(votes, gold, goldCount, model, strata, stratum, seed);
    }

    public VoteTable votes() {
        return votes;
    }

    /** The same with the gold of one fold forgotten. */
    ConsensusInput withoutGold(int[] fold, int left) {
        int classes = votes.classes();
        double[] kept = gold.clone();
        for (int c = 0; c < fold.length; c++) {
            if (fold[c] == left) {
                Arrays.fill(kept, c * classes, (c + 1) * classes, Double.NaN);
            }
        }
        return withSoftGold(kept);
    }

    /** The same without what a model claims. */
    ConsensusInput withoutModel() {
        return new ConsensusInput(votes, gold, goldCount, NONE, strata, stratum, seed);
    }

    /** Every {@code step}-th candidate with all that is known of it, renumbered; the volunteers keep their numbers. */
    ConsensusInput every(int step) {
        int classes = votes.classes();
        int kept = (votes.candidates() + step - 1) / step;
        int count = 0;
        for (int c = 0; c < votes.candidates(); c += step) {
            count += votes.start(c + 1) - votes.start(c);
        }
        int[] candidate = new int[count];
        int[] volunteer = new int[count];
        int[] answer = new int[count];
        int next = 0;
        for (int c = 0; c < votes.candidates(); c += step) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                candidate[next] = c / step;
                volunteer[next] = votes.volunteer(i);
                answer[next++] = votes.answer(i);
            }
        }
        ConsensusInput part = of(VoteTable.of(kept, votes.volunteers(), classes, candidate, volunteer, answer))
                .withSeed(seed);
        if (strata > 1) {
            int[] strataKept = new int[kept];
            for (int c = 0; c < kept; c++) {
                strataKept[c] = stratum[c * step];
            }
            part = part.withStrata(strata, strataKept);
        }
        if (goldCount > 0) {
            double[] goldKept = new double[kept * classes];
            for (int c = 0; c < kept; c++) {
                System.arraycopy(gold, c * step * classes, goldKept, c * classes, classes);
            }
            part = part.withSoftGold(goldKept);
        }
        return part;
    }

    /** How many candidates have gold, hard or soft. */
    public int goldCount() {
        return goldCount;
    }

    public boolean isGold(int candidate) {
        return goldCount > 0 && !Double.isNaN(gold[candidate * votes.classes()]);
    }

    /** P(truth) of a gold candidate; NaN of any other. */
    public double gold(int candidate, int truth) {
        return goldCount == 0 ? Double.NaN : gold[candidate * votes.classes() + truth];
    }

    public boolean hasModel() {
        return model.length > 0;
    }

    /** What the model claims; NaN where it said nothing. */
    public double model(int candidate, int truth) {
        return model.length == 0 ? Double.NaN : model[candidate * votes.classes() + truth];
    }

    public int strata() {
        return strata;
    }

    public int stratum(int candidate) {
        return strata == 1 ? 0 : stratum[candidate];
    }

    public long seed() {
        return seed;
    }

    private int checkRows(String what, double[] rows) {
        int classes = votes.classes();
        checkLength(what, rows.length, votes.candidates() * classes);
        int known = 0;
        for (int c = 0; c < votes.candidates(); c++) {
            if (Double.isNaN(rows[c * classes])) {
                continue;
            }
            double sum = 0;
            for (int t = 0; t < classes; t++) {
                double p = rows[c * classes + t];
                sum += p >= 0 ? p : Double.NaN;
            }
            if (!(Math.abs(sum - 1) < 1e-6)) {
                throw new IllegalArgumentException(what + ": candidate " + c + " has probabilities "
                        + Arrays.toString(Arrays.copyOfRange(rows, c * classes, (c + 1) * classes))
                        + ", need none negative and a sum of 1, or NaN throughout");
            }
            known++;
        }
        return known;
    }

    private static void checkLength(String what, int got, int needed) {
        if (got != needed) {
            throw new IllegalArgumentException(what + ": got " + got + " values, need " + needed);
        }
    }
}
