package org.skysieve.engine.consensus;

/**
 * A batch algorithm that turns votes into class probabilities. Deterministic: the same input gives the same bits on
 * every machine. Stateless, so one instance may serve many threads.
 */
public interface ConsensusMethod {

    /** The name by which {@link ConsensusMethods#byName} finds it. */
    String name();

    ConsensusResult fit(ConsensusInput input);
}
