package org.skysieve.engine.simulate;

import org.skysieve.engine.alert.AlertPacket;

/**
 * A simulated alert and what it truly is. Only {@code packet} may be shown to people or models: nothing in it but the
 * images and the measurements themselves tells real from bogus.
 *
 * @param real the hidden truth
 * @param subclass asteroid, variable, supernova, nuclear, orphan; or dipole, hotPixel, ringing, cosmicRay, saturated,
 *     trail, ghost, edge, column
 * @param snr signal-to-noise of the matched filter at the centre of the difference image, at least 5
 * @param seed of the survey that this candidate comes from
 * @param index of the candidate in that survey
 */
public record SimulatedCandidate(
        AlertPacket packet, boolean real, String subclass, double snr, long seed, long index) {}
