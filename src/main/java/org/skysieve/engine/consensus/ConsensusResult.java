package org.skysieve.engine.consensus;

/**
 * What a batch algorithm found.
 *
 * @param method the name of the algorithm that made it; {@code auto} names the one it picked
 * @param posteriors P(truth) of every candidate, calibrated where the algorithm calibrates; equal probabilities, or the
 *     class prior, for a candidate without votes
 * @param confusions P(answer | truth) of every volunteer, also of those without votes (the crowd's, then)
 * @param prior P(truth) of the population
 * @param temperature what the logarithm of the votes' likelihood was divided by; 1 is untempered, above 1 is softer
 * @param sweeps how often the main loop went over the votes
 * @param converged whether it stopped by its tolerance rather than by its bound
 * @param why in a sentence or two: what was chosen, and on what evidence
 */
public record ConsensusResult(
        String method,
        Posteriors posteriors,
        Confusions confusions,
        double[] prior,
        double temperature,
        int sweeps,
        boolean converged,
        String why) {

    public ConsensusResult {
        prior = prior.clone();
    }
}
