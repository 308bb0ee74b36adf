package org.skysieve.cli;

import java.util.Arrays;

/** Response times, kept whole; a thousand million would not fit, a million does. Thread-safe. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    synchronized void add(long elapsedNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = elapsedNanos;
    }

    synchronized int count() {
        return count;
    }

    /**
     * The smallest time that is not below a share {@code q} of all, milliseconds; NaN if there are none.
     *
     * @param q in (0, 1]
     */
    synchronized double quantileMs(double q) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(q * count) - 1)] / 1e6;
    }
}
