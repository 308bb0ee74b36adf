package org.skysieve.model;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.Interval;

/** A value with its 95 % interval; null where it could not be measured. */
public record Measured(
        @Nullable Double value,
        @Nullable Double low,
        @Nullable Double high) {
    public static final Measured NOT = new Measured(null, null, null);

    public static Measured of(Interval interval) {
        return new Measured(orNull(interval.value()), orNull(interval.low()), orNull(interval.high()));
    }

    static @Nullable Double orNull(double value) {
        // Plus zero: the database keeps no sign of zero, and what is made again is compared exactly.
        return Double.isNaN(value) ? null : value + 0.;
    }
}
