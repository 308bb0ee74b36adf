package org.skysieve.model;

import java.util.List;

/**
 * How well a version's probabilities held on labels of its workflow, to measure later labels against. Versions that were
 * trained here have their recipe for that; this is for those that were built in or uploaded.
 *
 * @param basis what was measured, in words
 * @param candidates whose labels they were
 */
record Baseline(String basis, Measured logLoss, Measured calibrationError, List<Long> candidates) {
    Baseline {
        candidates = List.copyOf(candidates);
    }
}
