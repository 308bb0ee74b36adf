package org.skysieve.engine.context;

/**
 * A known object of the solar system near a detection, as the survey put it into the packet.
 *
 * @param name its number or designation; empty if not given
 * @param arcsec distance of the predicted place from the detection; NaN if not given
 * @param predictedMag in V; NaN if not given
 */
public record KnownObject(String name, double arcsec, double predictedMag) {}
