package org.skysieve.selection;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;
import org.skysieve.project.Rules;

/**
 * "Why am I seeing this?" in one sentence. It never tells what others answered, nor that the answer is known: a gold
 * standard gets one of the other sentences, as often as the others are given, and the same each time it is asked for.
 */
@ApplicationScoped
class Why {
    static final String UNCERTAIN = "It is not settled yet, and your answer can settle it.";
    static final String VARIETY = "It is one of the many that nobody has settled yet.";
    static final String SAMPLE = "It belongs to a random sample that keeps our statistics honest.";

    /** @param rules of the workflow: a sentence that nothing else gets would give a gold standard away */
    String sentence(AssignmentView assignment, Rules rules) {
        String strategy = assignment.strategy();
        if (strategy.equals(Arm.EXPLORATION.key())) {
            return SAMPLE;
        }
        if (strategy.equals(Arm.VARIETY.key())) {
            return VARIETY;
        }
        if (strategy.equals(Arm.GOLD.key())) {
            // Fibonacci hashing: neighbouring ids get unrelated sentences.
            long hash = assignment.id() * 0x9e3779b97f4a7c15L;
            double place = Long.remainderUnsigned(hash >>> 16, 1000) / 1000.0 * (1 - rules.goldShare());
            double sample = rules.explorationShare();
            return place < sample ? SAMPLE : place < sample + rules.varietyShare() ? VARIETY : UNCERTAIN;
        }
        return UNCERTAIN;
    }
}
