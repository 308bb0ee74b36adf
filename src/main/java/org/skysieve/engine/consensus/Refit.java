package org.skysieve.engine.consensus;

/**
 * What a refit did.
 *
 * @param sweeps over all candidates
 * @param converged whether the posteriors stood still before the sweeps ran out
 * @param voteTemperature by what the evidence of votes is divided
 * @param modelTemperature the evidence of the model is divided by this, in [0.5, 10]
 * @param goldUsed how many gold standards the temperatures rest on; 0 where there are too few
 * @param candidates all that are held, ascending
 * @param moved by how much the posteriors of each moved at most, in [0, 1]
 */
public record Refit(
        int sweeps,
        boolean converged,
        VoteTemperature voteTemperature,
        double modelTemperature,
        int goldUsed,
        long[] candidates,
        double[] moved) {}
