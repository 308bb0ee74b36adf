package org.skysieve.engine.select;

import java.util.Locale;

/** Why a candidate is served. */
public enum Arm {
    /** A candidate whose class is known: it measures the volunteer. */
    GOLD,
    /** Uniform over the open evaluation sample: it keeps the metrics honest. */
    EXPLORATION,
    /** Uniform over all that the queue holds: a crowd is learned on what is easy, too, and everybody gets variety. */
    VARIETY,
    /** Where one more vote is worth most. */
    UNCERTAINTY;

    /** The name under which assignments record it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
