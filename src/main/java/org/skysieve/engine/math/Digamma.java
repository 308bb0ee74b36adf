package org.skysieve.engine.math;

/**
 * The digamma function, the derivative of ln Gamma, and the same to the last bit on every machine.
 *
 * <p>Recurrence up to 6, then the asymptotic series to x^-12: absolute error below 1e-11. Source: NIST DLMF 5.5.2 and
 * 5.11.2.
 */
public final class Digamma {
    private Digamma() {}

    /** @param x > 0 */
    public static double of(double x) {
        if (!(x > 0)) {
            throw new IllegalArgumentException("digamma: got " + x + ", need > 0");
        }
        double shift = 0;
        double y = x;
        while (y < 6) {
            shift -= 1 / y;
            y++;
        }
        double f = 1 / (y * y);
        return shift
                + StrictMath.log(y)
                - 0.5 / y
                - f
                        * (1.0 / 12
                                - f
                                        * (1.0 / 120
                                                - f
                                                        * (1.0 / 252
                                                                - f
                                                                        * (1.0 / 240
                                                                                - f * (5.0 / 660 - f * 691 / 32760)))));
    }
}
