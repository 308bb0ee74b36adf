package org.skysieve.engine.consensus;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The whole state of a {@link LiveConsensus}: one loaded from it continues to the same bits. Confusion matrices are not
 * in it, for they are sums, exact in fixed point, of what the candidates contribute.
 */
public record ConsensusSnapshot(
        VoteTemperature voteTemperature, double modelTemperature, List<CandidateState> candidates) {
    public ConsensusSnapshot {
        candidates = List.copyOf(candidates);
    }

    /**
     * One candidate.
     *
     * @param volunteers ids, ascending; {@code guests} and {@code answers} go with them
     * @param model the model's probabilities, or null
     * @param gold the known class, or -1
     * @param contribution P(class) that its votes put into the confusion matrices, in units of 2^-32
     * @param terms the logarithms behind its posteriors: prior, model, then each vote; K each
     * @param crowd calibrated P(class) from the votes alone
     * @param combined calibrated P(class) from the votes and the model
     */
    public record CandidateState(
            long candidate,
            Brightness brightness,
            long[] volunteers,
            boolean[] guests,
            int[] answers,
            double @Nullable [] model,
            int gold,
            long[] contribution,
            double[] terms,
            double[] crowd,
            double[] combined) {}
}
