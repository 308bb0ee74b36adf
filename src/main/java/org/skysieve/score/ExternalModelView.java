package org.skysieve.score;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.model.Measured;

/**
 * A model that runs elsewhere and sends its scores.
 *
 * @param url where its people say more of it
 * @param share what its word counts in the score in force, in [0, 0.9]; 0 only watches it
 * @param scored how many candidates it has scored
 * @param trial how it does on the frozen evaluation sample; null while fewer than 20 of its labels are scored
 */
public record ExternalModelView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        String name,
        String description,
        @Nullable String url,
        double share,
        long scored,
        Instant createdAt,
        @Nullable Trial trial) {

    /**
     * Both models on the same candidates; intervals of 95 % from a bootstrap over sky objects. Gains are positive where
     * the external model is better than the champion.
     *
     * @param rows labels that both have scored
     * @param probabilityBetter share of the resamples in which its log loss is lower
     */
    public record Trial(
            int rows,
            int objects,
            Measured auc,
            Measured logLoss,
            Measured accuracy,
            Measured calibrationError,
            Measured championLogLoss,
            Measured logLossGain,
            Measured aucGain,
            double probabilityBetter) {}
}
