package org.skysieve.score;

/**
 * What a model version says about a candidate.
 *
 * @param probabilities calibrated, {@code [class]}
 * @param epistemic nats in [0, ln classes]: what a label would teach the model
 * @param aleatoric nats in [0, ln classes]: doubt that no label takes away
 */
public record ScoreView(
        long candidateId, long modelVersionId, float[] probabilities, float epistemic, float aleatoric) {
    public ScoreView {
        probabilities = probabilities.clone();
    }

    @Override
    public float[] probabilities() {
        return probabilities.clone();
    }
}
