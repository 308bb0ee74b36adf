package org.skysieve.engine.consensus;

/**
 * iBCC: Dawid-Skene with Dirichlet priors on matrices and classes, by mean-field variational inference. A row has the prior
 * Dirichlet(4 on the diagonal, 1 elsewhere), the classes Dirichlet(1).
 *
 * <pre>
 * q_c(t)      ~  exp(E[ln prior_t] + sum_v E[ln x_v[t][answer_v]])        E[ln x_a] = digamma(n_a + alpha_a) - digamma(sum)
 * </pre>
 *
 * <p>Formulas in {@link ConfusionEm}. O(votes * classes) a sweep, and O(volunteers * classes^2) digammas.
 *
 * <p>Limits: as Dawid-Skene, and mean field understates uncertainty further.
 *
 * <p>Source: Kim and Ghahramani (2012), AISTATS; Simpson et al. (2013) for the variational form.
 */
final class IndependentBcc implements ConsensusMethod {
    @Override
    public String name() {
        return "ibcc";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        return ConfusionEm.fit(input, settings(input.votes().classes(), 1), MajorityVote.fit(input.votes()))
                .result(name(), "Confusion matrices with Dirichlet priors, mean field; not tempered.");
    }

    static ConfusionEm.Settings settings(int classes, int subtypes) {
        double own = 4 + (classes - 1);
        return new ConfusionEm.Settings(subtypes, own, 0, false, 4 / own, true, true, 1, 1, 200, 1e-5);
    }
}
