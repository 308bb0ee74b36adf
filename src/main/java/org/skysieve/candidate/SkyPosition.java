package org.skysieve.candidate;

/**
 * Where a sky object of a project is.
 *
 * @param objectId as its survey calls it, such as ZTF18abcdefg
 * @param raDeg right ascension, [0, 360)
 * @param decDeg declination, [-90, 90]
 */
public record SkyPosition(long skyObjectId, String objectId, double raDeg, double decDeg) {}
