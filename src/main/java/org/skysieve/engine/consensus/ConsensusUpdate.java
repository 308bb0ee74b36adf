package org.skysieve.engine.consensus;

/**
 * What one entry of the log changed.
 *
 * @param votes how many votes the candidate has now
 * @param crowd calibrated P(class) from the votes alone: what may train a model
 * @param combined calibrated P(class) from the votes and the model
 * @param gold the known class, or -1
 * @param volunteers ids, ascending, whose reliability moved: all who have voted on the candidate
 */
public record ConsensusUpdate(
        long candidate, int votes, double[] crowd, double[] combined, int gold, long[] volunteers) {}
