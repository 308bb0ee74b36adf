package org.skysieve.candidate;

import java.nio.charset.StandardCharsets;

/**
 * Chooses the sky objects that are kept for honest evaluation: by a hash of their name, so that every process, restart
 * and re-ingest chooses the same, and all candidates of an object fall on one side.
 */
final class EvaluationSample {
    private EvaluationSample() {}

    static boolean contains(String survey, String objectId, double share) {
        return uniform(survey, objectId) < share;
    }

    /** In [0, 1), the same for ever: FNV-1a over the names, mixed by SplitMix64's finalizer (Steele et al. 2014). */
    static double uniform(String survey, String objectId) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : (survey + "\0" + objectId).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        // FNV alone leaves names that differ in the last digit close together.
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return (hash >>> 11) * 0x1.0p-53;
    }
}
