package org.skysieve.notification;

import java.util.List;

/**
 * What a mail tells.
 *
 * @param said the newest in talk, at most ten
 * @param moreSaid whether there is more than these
 * @param became what candidates turned out to be, the newest, at most six
 */
public record Digest(List<Said> said, boolean moreSaid, List<Became> became, boolean moreBecame) {
    /**
     * A comment: who, in which discussion, and where it can be read; not what, since a mail cannot be taken back.
     *
     * @param mention whether it calls the reader; else it came after them
     */
    public record Said(String who, String where, boolean mention, String link) {}

    /**
     * A candidate.
     *
     * @param kind as of an outcome: {@code spectroscopic}, {@code tns}, {@code photometric} or {@code other}
     * @param what its name, its type or both
     * @param image content id of its image in this mail; empty if it has none
     */
    public record Became(String candidate, String project, String kind, String what, String link, String image) {}

    boolean isEmpty() {
        return said.isEmpty() && became.isEmpty();
    }
}
