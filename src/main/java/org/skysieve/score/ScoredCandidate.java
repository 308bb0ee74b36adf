package org.skysieve.score;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * One line of a workflow's scores.
 *
 * @param probabilities calibrated, {@code [class]}
 * @param evaluation belongs to the frozen sample that is never trained on
 */
public record ScoredCandidate(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        String survey,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candid,
        String objectId,
        float[] probabilities,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long modelVersionId,
        boolean evaluation) {
    public ScoredCandidate {
        probabilities = probabilities.clone();
    }

    @Override
    public float[] probabilities() {
        return probabilities.clone();
    }
}
