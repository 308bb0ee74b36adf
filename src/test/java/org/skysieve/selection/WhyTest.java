package org.skysieve.selection;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.Rules;
import org.skysieve.project.ServingRules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class WhyTest {
    private static final int MANY = 20_000;

    private final Why why = new Why();

    @Test
    void goldStandardsGetTheSentencesOfTheOthersAsOftenAsTheyDo() {
        Rules rules = rules(.2, .1, .3);

        // Of what is no gold standard: .2 / .9 sample, .3 / .9 variety. The standard error is .003.
        assertThat(share(rules, Why.SAMPLE)).isCloseTo(.2 / .9, within(.015));
        assertThat(share(rules, Why.VARIETY)).isCloseTo(.3 / .9, within(.015));
        assertThat(share(rules, Why.UNCERTAIN)).isCloseTo(.4 / .9, within(.015));
    }

    @Test
    void aSentenceThatNothingElseGetsIsNoGoldStandardsEither() {
        assertThat(share(rules(0, .1, 0), Why.UNCERTAIN)).isEqualTo(1);
    }

    @Test
    void theSentenceStaysTheSame() {
        AssignmentView gold = assignment(42, Arm.GOLD);

        assertThat(why.sentence(gold, Rules.DEFAULT)).isEqualTo(why.sentence(gold, Rules.DEFAULT));
    }

    @Test
    void otherArmsSayWhatTheyAre() {
        assertThat(why.sentence(assignment(1, Arm.EXPLORATION), Rules.DEFAULT)).isEqualTo(Why.SAMPLE);
        assertThat(why.sentence(assignment(1, Arm.VARIETY), Rules.DEFAULT)).isEqualTo(Why.VARIETY);
    }

    @Test
    void everyStrategySaysWhyAndGoldBorrowsFromThoseOfTheMix() {
        Rules mixed = rules(0, .2, 0)
                .withSelection(
                        List.of(new RankedStrategy("freshness", 1, null), new RankedStrategy("margin", 3, null)),
                        ServingRules.USUAL);
        Set<Why.Sentence> sentences = new HashSet<>();
        for (RankingStrategy strategy : RankingStrategy.values()) {
            sentences.add(Why.of(strategy.key()));
        }

        // Random is what variety is, and says so.
        assertThat(sentences).hasSize(RankingStrategy.values().length).contains(Why.VARIETY);
        assertThat(share(mixed, Why.of("freshness"))).isCloseTo(.25, within(.02));
        assertThat(share(mixed, Why.of("margin"))).isCloseTo(.75, within(.02));
        assertThat(share(mixed, Why.UNCERTAIN)).isZero();
    }

    private double share(Rules rules, Why.Sentence sentence) {
        return LongStream.range(0, MANY)
                        .filter(id ->
                                why.sentence(assignment(id, Arm.GOLD), rules).equals(sentence))
                        .count()
                / (double) MANY;
    }

    private static AssignmentView assignment(long id, Arm arm) {
        return new AssignmentView(
                id, 1, 2, 3, arm.key(), 0, .1, null, null, Instant.EPOCH, Instant.EPOCH.plusSeconds(60), "open");
    }

    private static Rules rules(double exploration, double gold, double variety) {
        Rules usual = Rules.DEFAULT;
        return new Rules(
                usual.retireAt(),
                usual.minVotes(),
                usual.maxVotes(),
                usual.ambiguousBelow(),
                exploration,
                gold,
                usual.retrainEvery(),
                usual.evaluationShare(),
                usual.promoteAt(),
                usual.leaseMinutes(),
                usual.retirePositiveAt(),
                variety);
    }
}
