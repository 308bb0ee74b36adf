package org.skysieve.engine.simulate;

import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/**
 * One exposure of an object's place and what was measured there.
 *
 * @param depth how much deeper (positive) than usual the exposure is, in standard deviations of the limiting magnitude
 * @param snr true signal-to-noise, signed, 0 if there is nothing
 * @param point the measurement that alert packets repeat: a detection, or the upper limit
 */
record Sighting(double timeMjd, Passband passband, double limitMag, double depth, double snr, LightCurvePoint point) {}
