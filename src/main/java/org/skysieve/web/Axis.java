package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis of a chart: values in {@code [low, high]} to pixels in {@code [from, to]}. For magnitudes, which grow
 * as the source fades, let {@code from} be the top.
 */
record Axis(double low, double high, double from, double to) {
    Axis {
        if (!(low < high)) {
            throw new IllegalArgumentException("axis: got [" + low + ", " + high + "], need low < high");
        }
    }

    /** Pixel of a value; not clamped. */
    double at(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** Round values (1, 2 or 5 times a power of ten apart) inside the axis, at most {@code most} of them, ascending. */
    List<Double> ticks(int most) {
        double step = step(most);
        List<Double> ticks = new ArrayList<>();
        // Multiples of the step, not a running sum: 0.1 added ten times is not 1.
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Decimals that tell the ticks apart. */
    int decimals(int most) {
        return Math.max(0, (int) -Math.floor(Math.log10(step(most)) + 1e-9));
    }

    private double step(int most) {
        double raw = (high - low) / Math.max(1, most - 1);
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= raw * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
