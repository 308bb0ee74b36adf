package org.skysieve.engine.consensus;

/**
 * EBCC-like: every class has {@value #SUBTYPES} subtypes, each with its own row in every volunteer's matrix, so that
 * volunteers may err on the same candidates. Mean field, with the priors of {@link IndependentBcc}; the subtypes of a class
 * share the pull of its prior.
 *
 * <p>Formulas in {@link ConfusionEm}. O(votes * classes * subtypes) a sweep. It starts from vote shares split at random by
 * the seed of the input.
 *
 * <p>Limits: needs several votes a volunteer and class; slow to converge; a subtype may drift to another class where the
 * pull to the diagonal is weak. Differs from the paper in how the subtypes' prior is written (one symmetric Dirichlet).
 *
 * <p>Source: Li, Rubinstein and Cohn (2019), Exploiting worker correlation for label aggregation in crowdsourcing, ICML.
 */
final class EnhancedBcc implements ConsensusMethod {
    private static final int SUBTYPES = 3;

    @Override
    public String name() {
        return "ebcc";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        return ConfusionEm.fit(
                        input,
                        IndependentBcc.settings(input.votes().classes(), SUBTYPES),
                        MajorityVote.fit(input.votes()))
                .result(name(), "Confusion matrices over " + SUBTYPES + " subtypes of each class; not tempered.");
    }
}
