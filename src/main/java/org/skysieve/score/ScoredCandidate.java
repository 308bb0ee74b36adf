package org.skysieve.score;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * One line of a workflow's scores.
 *
 * @param probabilities calibrated, {@code [class]}
 * @param anomaly how much it stands out, in (0, 1]; null where nobody has looked
 * @param evaluation belongs to the frozen sample that is never trained on
 */
public record ScoredCandidate(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        String survey,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candid,
        String objectId,
        float[] probabilities,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long modelVersionId,
        @Nullable Float anomaly,
        boolean evaluation) {
    public ScoredCandidate {
        probabilities = probabilities.clone();
    }

    @Override
    public float[] probabilities() {
        return probabilities.clone();
    }
}
