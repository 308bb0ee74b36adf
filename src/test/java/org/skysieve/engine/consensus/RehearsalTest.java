package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.consensus.Rehearsal.Entry;
import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.ExpectedLoss;
import org.skysieve.engine.consensus.RetirementRule.PosteriorThreshold;
import org.skysieve.engine.consensus.RetirementRule.Stability;
import org.skysieve.engine.consensus.RetirementRule.TwoAgreeElseSeven;
import org.skysieve.engine.consensus.RetirementRule.VoteLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RehearsalTest {
    private static final int NEVER = 1_000_000;

    @Test
    void votesAfterRetirementAreSaved() {
        Rehearsal rehearsal = rehearsal(new TwoAgreeElseSeven(), NEVER);
        // Candidate 1: agree at the second of five. Candidate 2: 0 1 0 0 0 0 0, settled by the seventh of eight.
        for (int v = 0; v < 5; v++) {
            rehearsal.apply(vote(1, v, 0));
        }
        for (int v = 0; v < 8; v++) {
            rehearsal.apply(vote(2, v, v == 1 ? 1 : 0));
        }
        rehearsal.apply(vote(3, 0, 1));

        assertThat(rehearsal.report()).isEqualTo(new Rehearsal.Report(14, 14, 10, 2, 0, 1));
        assertThat(rehearsal.report().saved()).isEqualTo(4);
        assertThat(rehearsal.report().votesPerCandidate()).isCloseTo(10 / 3.0, within(1e-12));
        assertThat(rehearsal.outcome(2).orElseThrow().reason()).isEqualTo("two agree, else seven: 6 of 7 votes");
        assertThat(rehearsal.outcome(9)).isEmpty();
    }

    @Test
    void editsAndUndosOfVotesThatWereNeverAskedForAreSavedToo() {
        Rehearsal rehearsal = rehearsal(new TwoAgreeElseSeven(), NEVER);
        rehearsal.apply(vote(1, 1, 0));
        rehearsal.apply(vote(1, 2, 0));
        rehearsal.apply(vote(1, 3, 1));
        rehearsal.apply(vote(1, 3, 0));
        rehearsal.apply(vote(1, 3, Rehearsal.WITHDRAWN));
        assertThat(rehearsal.report()).isEqualTo(new Rehearsal.Report(5, 3, 2, 1, 0, 0));

        // An undo of a vote that counts opens the candidate again; the next vote is wanted.
        rehearsal.apply(vote(1, 2, Rehearsal.WITHDRAWN));
        assertThat(rehearsal.outcome(1).orElseThrow().decision()).isEqualTo(Decision.OPEN);
        rehearsal.apply(vote(1, 4, 0));
        assertThat(rehearsal.report()).isEqualTo(new Rehearsal.Report(7, 4, 3, 1, 0, 0));
    }

    @Test
    void labelsAreJudgedAgainstWhatIsHeldTrue() {
        Rehearsal rehearsal = rehearsal(new TwoAgreeElseSeven(), NEVER);
        Map<Long, Integer> truth = new HashMap<>();
        // Ten candidates retire as class 0, of which eight are; five as class 1, of which four are; one stays open.
        for (long c = 0; c < 15; c++) {
            int label = c < 10 ? 0 : 1;
            rehearsal.apply(vote(c, 1, label));
            rehearsal.apply(vote(c, 2, label));
            truth.put(c, c < 8 ? 0 : c < 14 ? 1 : 0);
        }
        rehearsal.apply(vote(15, 1, 0));
        truth.put(15L, 0);
        truth.put(99L, 0);

        Rehearsal.Judgement judged = rehearsal.judge(truth, 0);

        assertThat(judged.candidates()).isEqualTo(16);
        assertThat(judged.accuracy())
                .extracting(Rehearsal.Share::count, Rehearsal.Share::of)
                .containsExactly(12L, 15L);
        assertThat(judged.purity())
                .extracting(Rehearsal.Share::count, Rehearsal.Share::of)
                .containsExactly(8L, 10L);
        assertThat(judged.completeness())
                .extracting(Rehearsal.Share::count, Rehearsal.Share::of)
                .containsExactly(8L, 10L);
        // Wilson (1927) for 8 of 10.
        assertThat(judged.purity().low()).isCloseTo(0.4902, within(1e-4));
        assertThat(judged.purity().high()).isCloseTo(0.9433, within(1e-4));
        assertThat(rehearsal.judge(Map.of(), 0).purity().value()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aRuleThatNeverRetiresAsksForEverything(long seed) {
        List<Entry> history = history(seed, 400);
        Rehearsal rehearsal = rehearsal(new PosteriorThreshold(1, List.of(), 99, 100, 0), 50);
        Set<Long> candidates = new HashSet<>();
        history.forEach(entry -> {
            rehearsal.apply(entry);
            candidates.add(entry.candidate());
        });

        assertThat(rehearsal.report().saved()).isZero();
        assertThat(rehearsal.report().open()).isEqualTo(candidates.size());
    }

    private static Stream<Arguments> seedsAndRules() {
        List<RetirementRule> rules = List.of(
                new PosteriorThreshold(0.9, List.of(), 2, 6, 0.6),
                new VoteLimits(new ExpectedLoss(List.of(List.of(0.0, 5.0), List.of(1.0, 0.0)), 0.2), 2, 6, 0.6),
                new VoteLimits(new Stability(2, 0.1, 0.6), 2, 6, 0.6),
                new VoteLimits(new TwoAgreeElseSeven(), 2, 9, 0.6));
        return rules.stream().flatMap(rule -> LongStream.rangeClosed(1, 6).mapToObj(seed -> Arguments.of(seed, rule)));
    }

    @ParameterizedTest
    @MethodSource("seedsAndRules")
    void decidesAsTheLiveConsensusDoesWithoutTheVotesThatItSaves(long seed, RetirementRule rule) {
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(2));
        Map<Long, RetirementRule.Outcome> expected = new HashMap<>();
        Map<Long, Set<Long>> standing = new HashMap<>();
        // All posteriors since the last edit or undo, the slow way.
        Map<Long, List<double[]>> past = new HashMap<>();
        Rehearsal rehearsal = rehearsal(rule, NEVER);

        for (Entry entry : history(seed, 600)) {
            rehearsal.apply(entry);
            Set<Long> voters = standing.computeIfAbsent(entry.candidate(), id -> new HashSet<>());
            boolean open = !expected.containsKey(entry.candidate())
                    || expected.get(entry.candidate()).decision() == Decision.OPEN;
            boolean stands = voters.contains(entry.volunteer());
            ConsensusUpdate update;
            if (entry.answer() == Rehearsal.WITHDRAWN) {
                if (!stands) {
                    continue;
                }
                voters.remove(entry.volunteer());
                update = live.withdraw(entry.candidate(), entry.volunteer());
            } else {
                if (!stands && !open) {
                    continue;
                }
                voters.add(entry.volunteer());
                update = live.vote(Vote.of(entry.candidate(), entry.volunteer(), entry.answer()), null);
            }
            List<double[]> earlier = past.computeIfAbsent(entry.candidate(), id -> new ArrayList<>());
            if (stands) {
                earlier.clear();
            }
            expected.put(entry.candidate(), rule.decide(earlier, update.combined(), live.answers(entry.candidate())));
            earlier.add(update.combined());
        }

        assertThat(expected.values()).anyMatch(outcome -> outcome.decision() == Decision.RETIRED);
        expected.forEach(
                (candidate, outcome) -> assertThat(rehearsal.outcome(candidate)).contains(outcome));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theSameHistoryGivesTheSameReportWithRefitsAndMemory(long seed) {
        VoteLimits rule = new VoteLimits(new Stability(2, 0.1, 0.7), 3, 8, 0.7);
        List<Rehearsal.Report> reports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Rehearsal rehearsal = rehearsal(rule, 40);
            history(seed, 800).forEach(rehearsal::apply);
            reports.add(rehearsal.report());
        }

        assertThat(reports.get(0)).isEqualTo(reports.get(1));
        assertThat(reports.get(0).retired()).isPositive();
        assertThat(reports.get(0).saved()).isPositive();
    }

    private static Rehearsal rehearsal(RetirementRule rule, int refitEvery) {
        return new Rehearsal(ConsensusSettings.defaults(2), rule, refitEvery);
    }

    private static Entry vote(long candidate, long volunteer, int answer) {
        return new Entry(candidate, volunteer, answer, false, Brightness.UNKNOWN, null, false);
    }

    /** Votes, edits and undos of 12 volunteers on 40 candidates, as a log may hold them. */
    private static List<Entry> history(long seed, int entries) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Entry> history = new ArrayList<>();
        Set<List<Long>> standing = new HashSet<>();
        for (int i = 0; i < entries; i++) {
            long candidate = random.nextInt(40);
            long volunteer = random.nextInt(12);
            List<Long> pair = List.of(candidate, volunteer);
            if (standing.contains(pair) && random.nextInt(3) == 0) {
                standing.remove(pair);
                history.add(vote(candidate, volunteer, Rehearsal.WITHDRAWN));
            } else {
                standing.add(pair);
                int truth = (int) (candidate % 2);
                history.add(vote(candidate, volunteer, random.nextDouble() < 0.85 ? truth : 1 - truth));
            }
        }
        return history;
    }
}
