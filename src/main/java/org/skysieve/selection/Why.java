package org.skysieve.selection;

import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.platform.Language;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.Rules;

/**
 * "Why am I seeing this?" in one sentence. It never tells what others answered, nor that the answer is known: a gold
 * standard gets one of the other sentences, as often as the others are given, and the same each time it is asked for.
 */
@ApplicationScoped
public class Why {
    /** A sentence in any language. */
    @FunctionalInterface
    interface Sentence {
        String in(WhyMessages language);
    }

    static final Sentence UNCERTAIN = WhyMessages::uncertain;
    static final Sentence VARIETY = WhyMessages::variety;
    static final Sentence SAMPLE = WhyMessages::sample;
    static final Sentence SHOWCASE = WhyMessages::showcase;

    private static final Map<String, Sentence> RANKED = new TreeMap<>(Map.ofEntries(
            Map.entry(RankingStrategy.RANDOM.key(), VARIETY),
            Map.entry(RankingStrategy.UNCERTAINTY.key(), UNCERTAIN),
            Map.entry(RankingStrategy.TEACHING.key(), WhyMessages::teaching),
            Map.entry(RankingStrategy.LEAST_CONFIDENCE.key(), WhyMessages::leastConfidence),
            Map.entry(RankingStrategy.MARGIN.key(), WhyMessages::margin),
            Map.entry(RankingStrategy.EPISTEMIC.key(), WhyMessages::epistemic),
            Map.entry(RankingStrategy.SETTLING.key(), WhyMessages::settling),
            Map.entry(RankingStrategy.FRESHNESS.key(), WhyMessages::freshness),
            Map.entry(RankingStrategy.LIKELY.key(), WhyMessages::likely),
            Map.entry(RankingStrategy.ANOMALY.key(), WhyMessages::anomaly),
            Map.entry(RankingStrategy.DIVERSE.key(), WhyMessages::diverse),
            Map.entry(RankingStrategy.EXPRESSION.key(), WhyMessages::expression)));

    /** The sentence in a language. */
    public String words(AssignmentView assignment, Rules rules, Language language) {
        return sentence(assignment, rules).in(messages(language));
    }

    /** @param rules of the workflow: a sentence that nothing else gets would give a gold standard away */
    Sentence sentence(AssignmentView assignment, Rules rules) {
        return assignment.strategy().equals(Arm.GOLD.key())
                ? borrowed(assignment.id(), rules)
                : of(assignment.strategy());
    }

    /** The sentences' texts in a language. */
    static WhyMessages messages(Language language) {
        return language == Language.ENGLISH
                ? MessageBundles.get(WhyMessages.class)
                : MessageBundles.get(WhyMessages.class, Localized.Literal.of(language.tag()));
    }

    /** The sentence of an arm that is not gold. */
    static Sentence of(String strategy) {
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
    static Sentence borrowed(long assignmentId, Rules rules) {
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
        Sentence sentence = UNCERTAIN;
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
