package org.skysieve.engine.consensus;

/**
 * Picks a method by what the input holds, and says which and why: {@link GoldAnchored} once there is enough gold to learn
 * volunteers from, {@link CalibratedBlend} otherwise, which itself chooses between models by how well they predict
 * left-out votes, and which is the volunteers' votes themselves where nobody voted twice.
 */
final class AutoConsensus implements ConsensusMethod {

    @Override
    public String name() {
        return "auto";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        String lack = GoldAnchored.lack(input);
        ConsensusResult result = lack.isEmpty() ? new GoldAnchored().fit(input) : new CalibratedBlend().fit(input);
        String reason = lack.isEmpty() ? "Anchored on gold. " : "Blend without learning from gold: " + lack + ". ";
        return new ConsensusResult(
                result.method(),
                result.posteriors(),
                result.confusions(),
                result.prior(),
                result.temperature(),
                result.sweeps(),
                result.converged(),
                reason + result.why());
    }
}
