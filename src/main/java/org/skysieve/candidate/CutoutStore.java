package org.skysieve.candidate;

import java.util.Collection;
import java.util.Map;

/** Keeps the packed cutouts, gzipped SKC1 blobs; written once, never changed. */
interface CutoutStore {
    /** Joins the caller's transaction where the store can. */
    void put(Map<Long, byte[]> packedByCandidate);

    /** Those that are there, of at most some hundred. */
    Map<Long, byte[]> find(Collection<Long> candidateIds);
}
