package org.skysieve.model;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whether the champion still sees what it was made for. Levels are {@code stable}, {@code moderate}, {@code major} and
 * {@code unmeasured}.
 *
 * @param level the worst of the three
 * @param reason in words, with the numbers
 * @param inputs the features of the newest scored candidates
 * @param scores the probability of class 0 of the newest scored candidates of the evaluation sample
 */
public record DriftReport(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long modelVersionId,
        int version,
        Instant checkedAt,
        String level,
        String reason,
        Part inputs,
        Part scores,
        Calibration calibration) {
    static final String STABLE = "stable";
    static final String MODERATE = "moderate";
    static final String MAJOR = "major";
    static final String UNMEASURED = "unmeasured";

    /**
     * @param basis what the reference is of, in words
     * @param candidates that were compared with it
     * @param shifts the largest first, at most 12
     * @param note what was found, or why nothing was measured
     */
    public record Part(String level, String basis, int candidates, List<Shift> shifts, String note) {
        public Part {
            shifts = List.copyOf(shifts);
        }
    }

    /**
     * @param psi population stability index
     * @param ks Kolmogorov-Smirnov distance
     * @param p adjusted for all features that were tested
     */
    public record Shift(
            String name,
            @Nullable Double psi,
            @Nullable Double ks,
            @Nullable Double p,
            String level) {}

    /**
     * Labels of the exploration sample that came after the promotion.
     *
     * @param labels so many
     * @param logLoss of the champion on them
     * @param logLossThen its own when it was promoted
     */
    public record Calibration(
            String level,
            int labels,
            Measured logLoss,
            Measured logLossThen,
            Measured error,
            Measured errorThen,
            String note) {}
}
