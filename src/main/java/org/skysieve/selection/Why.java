package org.skysieve.selection;

import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.project.RankedStrategy;
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
    static final String SHOWCASE = "It is new, and looks like a discovery; your eyes decide.";

    private static final Map<String, String> RANKED = new TreeMap<>(Map.ofEntries(
            Map.entry(RankingStrategy.RANDOM.key(), VARIETY),
            Map.entry(RankingStrategy.UNCERTAINTY.key(), UNCERTAIN),
            Map.entry(
                    RankingStrategy.TEACHING.key(), "Our computer model is unsure of it and learns from your answer."),
            Map.entry(
                    RankingStrategy.LEAST_CONFIDENCE.key(),
                    "Nothing is sure about it yet, and your answer makes it surer."),
            Map.entry(
                    RankingStrategy.MARGIN.key(),
                    "It could still be one thing or another; your answer helps to decide."),
            Map.entry(RankingStrategy.EPISTEMIC.key(), "Our computer model can learn much from an answer to this one."),
            Map.entry(RankingStrategy.SETTLING.key(), "A vote of yours is likely to bring it close to settled."),
            Map.entry(RankingStrategy.FRESHNESS.key(), "It is fresh and may fade soon: an early answer counts most."),
            Map.entry(
                    RankingStrategy.LIKELY.key(),
                    "It was chosen for how it looks to our computer model, which may err."),
            Map.entry(
                    RankingStrategy.ANOMALY.key(),
                    "It looks unlike most of the others: a flaw of the camera, or something rare."),
            Map.entry(RankingStrategy.DIVERSE.key(), "It was chosen to be unlike the others in its batch."),
            Map.entry(RankingStrategy.EXPRESSION.key(), "The scientists of this project asked for ones like it.")));

    /** @param rules of the workflow: a sentence that nothing else gets would give a gold standard away */
    String sentence(AssignmentView assignment, Rules rules) {
        return assignment.strategy().equals(Arm.GOLD.key())
                ? borrowed(assignment.id(), rules)
                : of(assignment.strategy());
    }

    /** The sentence of an arm that is not gold. */
    static String of(String strategy) {
        if (strategy.equals(Arm.EXPLORATION.key())) {
            return SAMPLE;
        }
        if (strategy.equals(Arm.VARIETY.key())) {
            return VARIETY;
        }
        if (strategy.equals(Arm.SHOWCASE.key())) {
            return SHOWCASE;
        }
        return RANKED.getOrDefault(strategy, UNCERTAIN);
    }

    /** What a gold standard gets: one of the others' sentences, by a number of its own. */
    static String borrowed(long assignmentId, Rules rules) {
        // Fibonacci hashing: neighbouring ids get unrelated sentences.
        long hash = assignmentId * 0x9e3779b97f4a7c15L;
        double place = Long.remainderUnsigned(hash >>> 16, 1000) / 1000.0 * (1 - rules.goldShare());
        double end = rules.explorationShare();
        if (place < end) {
            return SAMPLE;
        }
        end += rules.varietyShare();
        if (place < end) {
            return VARIETY;
        }
        double weights =
                rules.mix().stream().mapToDouble(RankedStrategy::weight).sum();
        double rest = 1 - rules.goldShare() - end;
        String sentence = UNCERTAIN;
        for (RankedStrategy each : rules.mix()) {
            sentence = of(each.strategy());
            end += rest * each.weight() / weights;
            if (place < end) {
                break;
            }
        }
        return sentence;
    }
}
