package org.skysieve.classification;

import java.util.Comparator;

/**
 * A place in the classification log of one workflow. The log is ordered by the transaction that wrote a row, then by
 * the row's id: that order is final for every row that {@link ClassificationLog#after} yields.
 *
 * @param writtenBy id of the writing transaction (PostgreSQL's 64-bit {@code xid8})
 * @param id id of the classification
 */
public record LogPosition(long writtenBy, long id) implements Comparable<LogPosition> {
    /** Before the first row of every log. */
    public static final LogPosition START = new LogPosition(0, 0);

    private static final Comparator<LogPosition> ORDER =
            Comparator.comparingLong(LogPosition::writtenBy).thenComparingLong(LogPosition::id);

    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }
}
