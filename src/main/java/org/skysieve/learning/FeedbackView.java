package org.skysieve.learning;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * What there is to learn from one's own answer.
 *
 * @param newcomer whether the answer fell into the phase in which gold standards are told; if not, asking again is of no use
 * @param gold what the candidate is, or null where that is not known or not told
 */
public record FeedbackView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long classificationId,
        boolean newcomer,
        @Nullable Truth gold) {}
