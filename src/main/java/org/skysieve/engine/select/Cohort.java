package org.skysieve.engine.select;

/**
 * Who is judged while the work goes on. Easy candidates finish first, so those that are finished are not like the rest;
 * those that were <i>begun</i> first are, where beginning is random. The cohort is the longest run of first-begun
 * candidates of which nine in ten are finished; those that are not count with the label that they lean to.
 */
public final class Cohort {
    /** At least so many of a cohort are finished. */
    public static final double FINISHED = 0.9;

    private Cohort() {}

    /** @param finished in the order in which candidates were begun */
    public static int size(boolean[] finished) {
        int size = 0;
        int done = 0;
        for (int i = 0; i < finished.length; i++) {
            done += finished[i] ? 1 : 0;
            if (done >= FINISHED * (i + 1)) {
                size = i + 1;
            }
        }
        return size;
    }
}
