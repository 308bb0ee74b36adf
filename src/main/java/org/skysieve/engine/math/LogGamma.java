package org.skysieve.engine.math;

/** The natural logarithm of the gamma function: Lanczos' approximation, relative error of gamma below 1e-13. */
public final class LogGamma {
    private static final double[] LANCZOS = {
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };

    private LogGamma() {}

    /** @param x > 0 */
    public static double of(double x) {
        if (x < 0.5) {
            return StrictMath.log(StrictMath.PI / StrictMath.sin(StrictMath.PI * x)) - of(1 - x);
        }
        double y = x - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (y + i);
        }
        double t = y + 7.5;
        return 0.5 * StrictMath.log(2 * StrictMath.PI) + (y + 0.5) * StrictMath.log(t) - t + StrictMath.log(sum);
    }
}
