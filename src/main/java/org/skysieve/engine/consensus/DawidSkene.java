package org.skysieve.engine.consensus;

import java.util.Arrays;

import org.skysieve.engine.math.Softmax;

/**
 * Hierarchical Dawid-Skene: every volunteer has a {@code K x K} confusion matrix whose rows are shrunk to the crowd's,
 * which in turn are pulled to the diagonal. Fitted by expectation maximisation.
 *
 * <pre>
 * E  P(t | votes)  ~  prior[t] * prod_v confusion_v[t][answer_v]
 * M  crowd[t][a]        = (n[t][a] + S * d[t][a]) / (n[t] + S)          d: {@code diagonal} on it, the rest shared equally
 *    confusion_v[t][a]  = (n_v[t][a] + s * crowd[t][a]) / (n_v[t] + s)  n: soft counts of answer a on truth t
 *    prior[t]           = (sum of P(t) + 1) / (candidates + K)
 * </pre>
 *
 * <p>With {@code strength} near 0 this is the maximum-likelihood algorithm of the paper, which overfits volunteers with
 * few votes. It starts from the vote shares; O(votes * classes) a sweep. The posterior is overconfident where volunteers'
 * errors are correlated: calibrate it by a temperature before believing it.
 *
 * <p>Source: Dawid and Skene (1979), Applied Statistics 28, 20; the hierarchy as in Kim and Ghahramani (2012), AISTATS.
 *
 * @param strength s, in votes, > 0
 * @param crowdStrength S, in votes, > 0
 * @param diagonal P(right) that an unknown crowd is given, in (1 / classes, 1)
 * @param maxSweeps bound of the loop
 * @param tolerance it stops when no probability moves by more
 */
public record DawidSkene(double strength, double crowdStrength, double diagonal, int maxSweeps, double tolerance) {
    /** Longer products of probabilities are taken in logarithms: 40 factors of 1e-7 still fit a double. */
    private static final int LINEAR_VOTES = 40;

    public DawidSkene {
        if (!(strength > 0 && crowdStrength > 0 && diagonal > 0 && diagonal < 1 && maxSweeps > 0 && tolerance > 0)) {
            throw new IllegalArgumentException("Dawid-Skene: got strength " + strength + ", crowd strength "
                    + crowdStrength + ", diagonal " + diagonal + ", " + maxSweeps + " sweeps, tolerance " + tolerance
                    + "; need all > 0 and the diagonal < 1");
        }
    }

    /** Volunteers shrunk to the crowd by 4 votes, the crowd to the diagonal by 20. */
    public static DawidSkene hierarchical() {
        return new DawidSkene(4, 20, 0.7, 200, 1e-5);
    }

    /** The algorithm of 1979 with just enough of a prior to keep logarithms finite. */
    public static DawidSkene maximumLikelihood() {
        return new DawidSkene(0.01, 1, 0.7, 200, 1e-5);
    }

    /**
     * @param posteriors P(truth) of every candidate
     * @param confusion P(answer | truth), {@code [(volunteer * classes + truth) * classes + answer]}
     * @param prior P(truth) of the population
     * @param converged whether the tolerance was reached within the sweeps allowed
     */
    public record Fit(Posteriors posteriors, double[] confusion, double[] prior, int sweeps, boolean converged) {}

    public Fit fit(VoteTable votes) {
        int classes = votes.classes();
        double[] posterior = new double[votes.candidates() * classes];
        Posteriors shares = MajorityVote.fit(votes);
        for (int c = 0; c < votes.candidates(); c++) {
            for (int t = 0; t < classes; t++) {
                posterior[c * classes + t] = shares.get(c, t);
            }
        }
        double[] confusion = new double[votes.volunteers() * classes * classes];
        double[] prior = new double[classes];
        double[] scratch = new double[classes];
        double moved = Double.POSITIVE_INFINITY;
        int sweep = 0;
        while (sweep < maxSweeps && moved > tolerance) {
            maximise(votes, posterior, confusion, prior);
            moved = expect(votes, posterior, confusion, prior, scratch);
            sweep++;
        }
        return new Fit(new Posteriors(classes, posterior), confusion, prior, sweep, moved <= tolerance);
    }

    private void maximise(VoteTable votes, double[] posterior, double[] confusion, double[] prior) {
        int classes = votes.classes();
        Arrays.fill(confusion, 0);
        Arrays.fill(prior, 1);
        double[] crowd = new double[classes * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            if (votes.start(c) == votes.start(c + 1)) {
                continue;
            }
            for (int t = 0; t < classes; t++) {
                prior[t] += posterior[c * classes + t];
            }
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                int cell = votes.volunteer(i) * classes * classes + votes.answer(i);
                for (int t = 0; t < classes; t++) {
                    double p = posterior[c * classes + t];
                    confusion[cell + t * classes] += p;
                    crowd[t * classes + votes.answer(i)] += p;
                }
            }
        }
        double candidates = 0;
        for (double p : prior) {
            candidates += p;
        }
        for (int t = 0; t < classes; t++) {
            prior[t] /= candidates;
            for (int a = 0; a < classes; a++) {
                crowd[t * classes + a] += crowdStrength * (a == t ? diagonal : (1 - diagonal) / (classes - 1));
            }
            normalise(crowd, t * classes, classes);
        }
        for (int v = 0; v < votes.volunteers(); v++) {
            for (int t = 0; t < classes; t++) {
                int row = (v * classes + t) * classes;
                for (int a = 0; a < classes; a++) {
                    confusion[row + a] += strength * crowd[t * classes + a];
                }
                normalise(confusion, row, classes);
            }
        }
    }

    /** Returns the largest change of a probability. */
    private static double expect(
            VoteTable votes, double[] posterior, double[] confusion, double[] prior, double[] scratch) {
        int classes = votes.classes();
        double moved = 0;
        for (int c = 0; c < votes.candidates(); c++) {
            int from = votes.start(c);
            int to = votes.start(c + 1);
            boolean linear = to - from <= LINEAR_VOTES;
            for (int t = 0; t < classes; t++) {
                scratch[t] = linear ? prior[t] : StrictMath.log(prior[t]);
            }
            for (int i = from; i < to; i++) {
                int cell = votes.volunteer(i) * classes * classes + votes.answer(i);
                for (int t = 0; t < classes; t++) {
                    // The floor keeps 40 factors within the range of a double.
                    double p = Math.max(confusion[cell + t * classes], 1e-7);
                    if (linear) {
                        scratch[t] *= p;
                    } else {
                        scratch[t] += StrictMath.log(p);
                    }
                }
            }
            if (linear) {
                normalise(scratch, 0, classes);
            } else {
                Softmax.inPlace(scratch);
            }
            for (int t = 0; t < classes; t++) {
                moved = Math.max(moved, Math.abs(scratch[t] - posterior[c * classes + t]));
                posterior[c * classes + t] = scratch[t];
            }
        }
        return moved;
    }

    private static void normalise(double[] values, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += values[i];
        }
        for (int i = offset; i < offset + length; i++) {
            values[i] /= sum;
        }
    }
}
