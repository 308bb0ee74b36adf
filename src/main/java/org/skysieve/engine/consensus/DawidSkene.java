package org.skysieve.engine.consensus;

/**
 * Hierarchical Dawid-Skene: every volunteer has a {@code K x K} confusion matrix whose rows are shrunk to the crowd's,
 * which in turn are pulled to the diagonal. Fitted by expectation maximisation.
 *
 * <pre>
 * E  P(t | votes)  ~  prior[t] * prod_v confusion_v[t][answer_v]
 * M  crowd[t][a]        = (n[t][a] + 20 d[t][a]) / (n[t] + 20)          d: {@code diagonal} on it, the rest shared equally
 *    confusion_v[t][a]  = (n_v[t][a] + s * crowd[t][a]) / (n_v[t] + s)  n: soft counts of answer a on truth t
 *    prior[t]           = (sum of P(t) + 1) / (candidates + K)
 * </pre>
 *
 * <p>With {@code strength} near 0 this is the maximum-likelihood algorithm of the paper, which overfits volunteers with
 * few votes. It starts from the vote shares; O(votes * classes) a sweep ({@link ConfusionEm} does the work). The posterior is overconfident where volunteers'
 * errors are correlated: calibrate it by a temperature before believing it.
 *
 * <p>Source: Dawid and Skene (1979), Applied Statistics 28, 20; the hierarchy as in Kim and Ghahramani (2012), AISTATS.
 *
 * @param strength s, in votes, > 0
 * @param diagonal P(right) that an unknown crowd is given, in (1 / classes, 1)
 * @param maxSweeps bound of the loop
 * @param tolerance it stops when the candidates' probabilities move by less on average
 */
public record DawidSkene(double strength, double diagonal, int maxSweeps, double tolerance) implements ConsensusMethod {

    public DawidSkene {
        if (!(strength > 0 && diagonal > 0 && diagonal < 1 && maxSweeps > 0 && tolerance > 0)) {
            throw new IllegalArgumentException("Dawid-Skene: got strength " + strength + ", diagonal " + diagonal + ", "
                    + maxSweeps + " sweeps, tolerance " + tolerance + "; need all > 0 and the diagonal < 1");
        }
    }

    /** Volunteers shrunk to the crowd by 4 votes. */
    public static DawidSkene hierarchical() {
        return new DawidSkene(4, 0.7, 200, 1e-5);
    }

    /** The algorithm of 1979 with just enough of a prior to keep logarithms finite. */
    public static DawidSkene maximumLikelihood() {
        return new DawidSkene(0.01, 0.7, 200, 1e-5);
    }

    /**
     * @param posteriors P(truth) of every candidate
     * @param confusion P(answer | truth), {@code [(volunteer * classes + truth) * classes + answer]}
     * @param prior P(truth) of the population
     * @param converged whether the tolerance was reached within the sweeps allowed
     */
    public record Fit(Posteriors posteriors, double[] confusion, double[] prior, int sweeps, boolean converged) {}

    @Override
    public String name() {
        return "dawid-skene";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        return em(input)
                .result(name(), "Confusion matrices, shrunk to the crowd's by " + strength + " votes; not tempered.");
    }

    public Fit fit(VoteTable votes) {
        ConfusionEm em = em(ConsensusInput.of(votes));
        return new Fit(em.posteriors(), em.confusions().flat(), em.classPrior(), em.sweeps(), em.converged());
    }

    private ConfusionEm em(ConsensusInput input) {
        ConfusionEm.Settings settings =
                new ConfusionEm.Settings(1, 0, strength, false, diagonal, false, true, 1, 1, maxSweeps, tolerance);
        return ConfusionEm.fit(input, settings, MajorityVote.fit(input.votes()));
    }
}
