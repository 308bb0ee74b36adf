package org.skysieve.engine.consensus;

/**
 * Dawid-Skene whose Dirichlet priors are learned from the crowd: each row of a volunteer's matrix is pulled to the crowd's
 * row by a strength learned for each class (Minka's fixed point, five steps a sweep), the crowd's row to the diagonal by
 * {@value ConfusionEm#CROWD_PULL} votes, and besides by 2.5 votes to the diagonal directly. Rows are posterior means.
 *
 * <p>Formulas in {@link ConfusionEm}. O(votes * classes) a sweep, and O(volunteers * classes^2) digammas.
 *
 * <p>Limits: overconfident where volunteers err alike; at one vote a candidate nothing is learned of volunteers.
 *
 * <p>Sources: Dawid and Skene (1979), Applied Statistics 28, 20; Minka (2000), Estimating a Dirichlet distribution; the
 * hierarchy as in Carpenter (2008) and Paun et al. (2018), TACL 6, 571.
 */
final class HierarchicalDawidSkene implements ConsensusMethod {
    private static final ConfusionEm.Settings SETTINGS =
            new ConfusionEm.Settings(1, 2.5, 2.5, true, 0.8, false, false, 20, 1, 200, 1e-4);

    @Override
    public String name() {
        return "hierarchical";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        return ConfusionEm.fit(input, SETTINGS, MajorityVote.fit(input.votes()))
                .result(name(), "Confusion matrices shrunk to the crowd's by a learned strength; not tempered.");
    }
}
