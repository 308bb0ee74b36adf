package org.skysieve.effort;

import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * What somebody has given, by their own entries of the log.
 *
 * @param answers candidates that they have answered about
 * @param seconds the estimate of {@link Efforts}
 * @param days on which they answered, in UTC
 * @param daysThisMonth of them in the present month
 * @param firstDay null without an answer
 * @param lastDay null without an answer
 */
public record Given(
        long answers,
        long seconds,
        int days,
        int daysThisMonth,
        @Nullable LocalDate firstDay,
        @Nullable LocalDate lastDay) {}
