package org.skysieve.engine.select;

/**
 * Uncertainty for a classifier: what it is least sure of is begun first ({@link Entropy} of its probabilities), and what is
 * begun is finished first, that which is nearest to an answer before the others.
 *
 * <p>Without the second half each vote that agrees with the model lowers the entropy, the candidate falls behind others of
 * which nothing is known, and is left unsettled: 5.9 votes a label in a simulation. With the most doubtful before the others
 * the hopeless take votes up to their limit; the nearest first gives as good a classifier for fewer votes
 * (docs/benchmarks.md).
 *
 * <p>Source: uncertainty sampling is Lewis and Gale (1994); labelling each chosen example until it is settled is Sheng,
 * Provost and Ipeirotis (2008), repeated labelling.
 */
public final class Teaching implements QueryStrategy {
    private final Entropy entropy = new Entropy();

    /** In [0, 0.5] before the first vote, in [0.5, 1] after it. */
    @Override
    public double usefulness(Belief belief) {
        double doubt = entropy.usefulness(belief);
        return belief.votes() > 0 ? 1 - doubt / 2 : doubt / 2;
    }
}
