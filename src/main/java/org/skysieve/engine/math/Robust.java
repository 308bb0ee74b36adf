package org.skysieve.engine.math;

import java.util.Arrays;

/**
 * Order statistics of a sample: median, quantiles, and a location and scale that a few bright stars do not move.
 *
 * <p>The values are sorted once, so that every question after that is cheap. NaN and infinities are left out. Immutable.
 */
public final class Robust {
    /** Makes the median absolute deviation of a normal sample estimate its standard deviation. */
    public static final double MAD_TO_SIGMA = 1.4826;

    private static final int RADIX_BITS = 11;
    private static final int RADIX = 1 << RADIX_BITS;

    private final double[] sorted;

    private Robust(double[] sorted) {
        this.sorted = sorted;
    }

    public static Robust of(double[] values) {
        double[] finite = new double[values.length];
        int size = 0;
        for (double value : values) {
            if (Double.isFinite(value)) {
                finite[size++] = value;
            }
        }
        double[] sorted = Arrays.copyOf(finite, size);
        Arrays.sort(sorted);
        return new Robust(sorted);
    }

    public static Robust of(float[] values) {
        int[] keys = new int[values.length];
        int size = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                keys[size++] = toKey(value);
            }
        }
        int[] ordered = sortedKeys(keys, size);
        double[] sorted = new double[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = fromKey(ordered[i]);
        }
        return new Robust(sorted);
    }

    /** Orders as the floats do when compared without sign: negative ones reversed and below the positive ones. */
    private static int toKey(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
    }

    private static float fromKey(int key) {
        return Float.intBitsToFloat(key < 0 ? key ^ Integer.MIN_VALUE : ~key);
    }

    /** Radix sort, 11 bits a pass: four times as fast as comparing for the 4,000 pixels of a cutout. */
    private static int[] sortedKeys(int[] keys, int size) {
        int[] from = keys;
        int[] to = new int[size];
        int[] starts = new int[RADIX + 1];
        for (int shift = 0; shift < Integer.SIZE; shift += RADIX_BITS) {
            Arrays.fill(starts, 0);
            for (int i = 0; i < size; i++) {
                starts[(from[i] >>> shift & RADIX - 1) + 1]++;
            }
            for (int i = 1; i <= RADIX; i++) {
                starts[i] += starts[i - 1];
            }
            for (int i = 0; i < size; i++) {
                to[starts[from[i] >>> shift & RADIX - 1]++] = from[i];
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    /** How many finite values there are. */
    public int size() {
        return sorted.length;
    }

    /** NaN of an empty sample, like every other statistic here. */
    public double min() {
        return sorted.length == 0 ? Double.NaN : sorted[0];
    }

    public double max() {
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
    }

    public double median() {
        return median(0, sorted.length);
    }

    /**
     * The {@code q}-quantile, linear between the order statistics (definition 7 of Hyndman and Fan 1996, NumPy's
     * default).
     *
     * @param q in [0, 1]
     */
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile: got q = " + q + ", need 0 to 1");
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** Median absolute deviation from the median; not scaled. */
    public double mad() {
        return mad(0, sorted.length, median());
    }

    /**
     * Median and {@value #MAD_TO_SIGMA} x MAD of what remains after values further than {@code width} sigma from the
     * median were dropped, again and again until none is dropped any more.
     *
     * @param width in sigma, above 0; 3 is usual
     * @param rounds at most so many rounds
     */
    public Scale clipped(double width, int rounds) {
        if (!(width > 0) || rounds < 0) {
            throw new IllegalArgumentException(
                    "clipping: got width " + width + " and " + rounds + " rounds, need width > 0 and rounds >= 0");
        }
        int from = 0;
        int to = sorted.length;
        double median = median(from, to);
        double sigma = MAD_TO_SIGMA * mad(from, to, median);
        for (int round = 0; round < rounds && sigma > 0; round++) {
            int nextFrom = from;
            int nextTo = to;
            while (nextFrom < nextTo && sorted[nextFrom] < median - width * sigma) {
                nextFrom++;
            }
            while (nextTo > nextFrom && sorted[nextTo - 1] > median + width * sigma) {
                nextTo--;
            }
            if (nextFrom == from && nextTo == to) {
                break;
            }
            from = nextFrom;
            to = nextTo;
            median = median(from, to);
            sigma = MAD_TO_SIGMA * mad(from, to, median);
        }
        return new Scale(median, sigma);
    }

    /**
     * @param median NaN of an empty sample
     * @param sigma one standard deviation of the sample's core; 0 if more than half of the values are equal
     */
    public record Scale(double median, double sigma) {}

    private double median(int from, int to) {
        int size = to - from;
        if (size == 0) {
            return Double.NaN;
        }
        int middle = from + size / 2;
        return size % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }

    /** Walks outward from the median: the deviations come in order without a second sort. */
    private double mad(int from, int to, double median) {
        int size = to - from;
        if (size == 0) {
            return Double.NaN;
        }
        int right = from + size / 2;
        int left = right - 1;
        double previous = 0;
        double deviation = 0;
        for (int taken = 0; taken <= size / 2; taken++) {
            previous = deviation;
            if (left < from) {
                deviation = sorted[right++] - median;
            } else if (right >= to || median - sorted[left] <= sorted[right] - median) {
                deviation = median - sorted[left--];
            } else {
                deviation = sorted[right++] - median;
            }
        }
        return size % 2 == 1 ? deviation : 0.5 * (previous + deviation);
    }
}
