package org.skysieve.engine.lightcurve;

/**
 * One measurement of an object, or one upper limit.
 *
 * @param timeMjd mid-exposure, Modified Julian Date, days
 * @param mag AB magnitude of the difference flux; NaN if this is an upper limit
 * @param magError one sigma, magnitudes; NaN if this is an upper limit or unknown
 * @param limitMag five-sigma limiting magnitude of the exposure; NaN if unknown
 * @param positive whether the source is brighter than in the template (always true for upper limits)
 */
public record LightCurvePoint(
        double timeMjd, Passband passband, double mag, double magError, double limitMag, boolean positive) {

    /** True if something was measured, false if this is an upper limit. */
    public boolean isDetection() {
        return !Double.isNaN(mag);
    }

    public static LightCurvePoint detection(
            double timeMjd, Passband passband, double mag, double magError, double limitMag, boolean positive) {
        return new LightCurvePoint(timeMjd, passband, mag, magError, limitMag, positive);
    }

    public static LightCurvePoint upperLimit(double timeMjd, Passband passband, double limitMag) {
        return new LightCurvePoint(timeMjd, passband, Double.NaN, Double.NaN, limitMag, true);
    }
}
