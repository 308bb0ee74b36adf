package org.skysieve.engine.consensus;

/**
 * One answer of one volunteer on one candidate; it replaces an earlier one of theirs on that candidate.
 *
 * @param answer the class, in [0, classes)
 * @param guest whether the volunteer is anonymous: guests share a pooled prior of their own
 * @param brightness how bright the candidate is; the first vote on it settles this
 */
public record Vote(long candidate, long volunteer, int answer, boolean guest, Brightness brightness) {
    /** The vote of a registered volunteer on a candidate of unknown brightness. */
    public static Vote of(long candidate, long volunteer, int answer) {
        return new Vote(candidate, volunteer, answer, false, Brightness.UNKNOWN);
    }
}
