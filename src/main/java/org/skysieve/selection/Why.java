package org.skysieve.selection;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;

/**
 * "Why am I seeing this?" in one sentence. It never tells what others answered, nor that the answer is known: a gold
 * standard gets one of the other sentences, as often as the others are given, and the same each time it is asked for.
 */
@ApplicationScoped
class Why {
    static final String UNCERTAIN = "It is not settled yet, and your answer can settle it.";
    static final String SAMPLE = "It belongs to a random sample that keeps our statistics honest.";

    /** About the share of exploration in what is served. */
    private static final int SAMPLE_PERCENT = 15;

    String sentence(AssignmentView assignment) {
        String strategy = assignment.strategy();
        if (strategy.equals(Arm.EXPLORATION.key())) {
            return SAMPLE;
        }
        if (strategy.equals(Arm.GOLD.key())) {
            // Fibonacci hashing: neighbouring ids get unrelated sentences.
            long hash = assignment.id() * 0x9e3779b97f4a7c15L;
            return Long.remainderUnsigned(hash >>> 16, 100) < SAMPLE_PERCENT ? SAMPLE : UNCERTAIN;
        }
        return UNCERTAIN;
    }
}
