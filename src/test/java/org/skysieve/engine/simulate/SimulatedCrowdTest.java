package org.skysieve.engine.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.simulate.SimulatedCrowd.Style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SimulatedCrowdTest {
    private static final List<SimulatedCandidate> CANDIDATES =
            new SimulatedSurvey(SurveySettings.ofSeed(5).withStampSide(21)).candidates(0, 1500);
    private final SimulatedCrowd crowd = new SimulatedCrowd(3, 400);

    @Test
    void answersDependOnSeedVolunteerCandidateAndFatigueOnly() {
        SimulatedCrowd same = new SimulatedCrowd(3, 400);
        SimulatedCrowd larger = new SimulatedCrowd(3, 500);
        SimulatedCrowd other = new SimulatedCrowd(4, 400);
        int differing = 0;
        for (int v = 399; v >= 0; v -= 7) {
            for (SimulatedCandidate candidate : CANDIDATES.subList(0, 100)) {
                int answer = crowd.answer(v, candidate, 30);
                assertThat(same.answer(v, candidate, 30)).isEqualTo(answer);
                assertThat(larger.answer(v, candidate, 30)).isEqualTo(answer);
                differing += other.answer(v, candidate, 30) == answer ? 0 : 1;
            }
        }
        assertThat(differing).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theMeanAccuracyIsThatOfCitizenScience(long seed) {
        SimulatedCrowd crowd = new SimulatedCrowd(seed, 300);

        assertThat(meanChance(crowd, c -> true)).isBetween(0.80, 0.88);
    }

    @Test
    void answersComeAsOftenAsTheirStatedChance() {
        for (Style style : Style.values()) {
            double expected = 0;
            double variance = 0;
            int right = 0;
            for (int v = 0; v < crowd.size(); v++) {
                if (crowd.style(v) != style) {
                    continue;
                }
                for (int i = v % 5; i < CANDIDATES.size(); i += 5) {
                    SimulatedCandidate candidate = CANDIDATES.get(i);
                    double chance = crowd.chanceOfRightAnswer(v, candidate, 10);
                    expected += chance;
                    variance += chance * (1 - chance);
                    right += crowd.answer(v, candidate, 10) == (candidate.real() ? 0 : 1) ? 1 : 0;
                }
            }
            assertThat(expected).as(style.name()).isGreaterThan(0);
            assertThat((double) right).as(style.name()).isCloseTo(expected, within(4 * Math.sqrt(variance) + 1e-6));
        }
    }

    @Test
    void faintOnesAndConfusingSubclassesAreHarder() {
        double bright = meanChance(crowd, c -> c.real() && c.snr() > 25);
        double faint = meanChance(crowd, c -> c.real() && c.snr() < 8);
        assertThat(bright - faint).isGreaterThan(0.1);
        // People are biased against faint sources: brightness matters more for the real ones.
        double brightBogus = meanChance(crowd, c -> !c.real() && c.snr() > 25);
        double faintBogus = meanChance(crowd, c -> !c.real() && c.snr() < 8);
        assertThat(brightBogus - faintBogus).isPositive().isLessThan(bright - faint);
        assertThat(meanChance(crowd, c -> c.subclass().equals("nuclear")))
                .isLessThan(meanChance(crowd, c -> c.subclass().equals("asteroid")));
        assertThat(meanChance(crowd, c -> c.subclass().equals("hotPixel")))
                .isLessThan(meanChance(crowd, c -> c.subclass().equals("trail")));
    }

    @Test
    void tirednessCostsAccuracy() {
        for (int v = 0; v < crowd.size(); v++) {
            double fresh = crowd.chanceOfRightAnswer(v, CANDIDATES.get(0), 0);
            double tired = crowd.chanceOfRightAnswer(v, CANDIDATES.get(0), 200);
            if (crowd.style(v).isSpammer()) {
                assertThat(tired).isEqualTo(fresh);
            } else {
                assertThat(tired).isLessThan(fresh);
            }
        }
    }

    @Test
    void errorsAreSharedBecauseSomeCandidatesFoolMany() {
        double sumOfSquares = 0;
        double sum = 0;
        int n = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            if (candidate.subclass().equals("dipole")) {
                double chance = IntStream.range(0, crowd.size())
                        .mapToDouble(v -> crowd.chanceOfRightAnswer(v, candidate, 0))
                        .average()
                        .orElseThrow();
                sum += chance;
                sumOfSquares += chance * chance;
                n++;
            }
        }
        double spread = Math.sqrt(sumOfSquares / n - sum / n * sum / n);

        assertThat(spread).isGreaterThan(0.05);
    }

    @Test
    void peopleAreAsMixedAsStated() {
        SimulatedCrowd large = new SimulatedCrowd(9, 20_000);
        Map<Style, Integer> styles = new HashMap<>();
        int guests = 0;
        List<Double> activity = new ArrayList<>();
        for (int v = 0; v < large.size(); v++) {
            styles.merge(large.style(v), 1, Integer::sum);
            guests += large.isGuest(v) ? 1 : 0;
            activity.add(large.activity(v));
        }
        double error = 4 / Math.sqrt(large.size());
        assertThat(guests / 20_000.0).isCloseTo(0.30, within(0.46 * error));
        double spammers = styles.get(Style.CONSTANT_SPAMMER) + styles.get(Style.RANDOM_SPAMMER);
        assertThat(spammers / 20_000).isCloseTo(0.03, within(0.17 * error));
        activity.sort(Comparator.reverseOrder());
        double total = activity.stream().mapToDouble(a -> a).sum();
        double ofTenth = activity.subList(0, 2000).stream().mapToDouble(a -> a).sum();
        assertThat(ofTenth / total).isGreaterThan(0.45);
    }

    @Test
    void volunteersComeInProportionToTheirActivity() {
        SplittableRandom random = new SplittableRandom(8);
        SimulatedCrowd few = new SimulatedCrowd(2, 10);
        double total = IntStream.range(0, 10).mapToDouble(few::activity).sum();
        int draws = 50_000;
        int[] counts = new int[10];
        for (int i = 0; i < draws; i++) {
            counts[few.drawByActivity(random)]++;
        }
        for (int v = 0; v < 10; v++) {
            double p = few.activity(v) / total;
            assertThat(counts[v] / (double) draws).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / draws)));
        }
    }

    @Test
    void theBaselineIsWhatItsRuleSays() {
        TwoAgreeElseSeven.Outcome outcome = TwoAgreeElseSeven.replay(CANDIDATES, crowd, 77);

        // The same by the letter: everybody's votes first, the rule after.
        SplittableRandom random = new SplittableRandom(77);
        Map<Integer, Integer> given = new HashMap<>();
        long votes = 0;
        double truePositives = 0;
        double falsePositives = 0;
        double falseNegatives = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            List<Integer> who = new ArrayList<>();
            List<Integer> answers = new ArrayList<>();
            while (true) {
                int v = crowd.drawByActivity(random);
                if (who.contains(v)) {
                    continue;
                }
                who.add(v);
                int so = given.merge(v, 1, Integer::sum) - 1;
                answers.add(crowd.answer(v, candidate, so % crowd.sessionLength(v)));
                if (answers.size() == 2 && answers.get(0).equals(answers.get(1))) {
                    break;
                }
                if (answers.size() == 7) {
                    break;
                }
            }
            votes += answers.size();
            long real = answers.stream().filter(a -> a == 0).count();
            boolean label = real > answers.size() - real;
            truePositives += label && candidate.real() ? 1 : 0;
            falsePositives += label && !candidate.real() ? 1 : 0;
            falseNegatives += !label && candidate.real() ? 1 : 0;
        }
        assertThat(outcome.candidates()).isEqualTo(CANDIDATES.size());
        assertThat(outcome.votes()).isEqualTo(votes);
        assertThat(outcome.purity()).isEqualTo(truePositives / (truePositives + falsePositives));
        assertThat(outcome.completeness()).isEqualTo(truePositives / (truePositives + falseNegatives));
        assertThat(outcome.votesPerCandidate()).isBetween(2.5, 5.0);
    }

    @Test
    void refusesEmptyAndTinyCrowds() {
        assertThatThrownBy(() -> new SimulatedCrowd(1, 0)).hasMessageContaining("got 0 volunteers");
        assertThatThrownBy(() -> TwoAgreeElseSeven.replay(CANDIDATES, new SimulatedCrowd(1, 6), 1))
                .hasMessageContaining("got 6 volunteers");
        assertThatThrownBy(() -> TwoAgreeElseSeven.replay(List.of(), crowd, 1)).hasMessageContaining("no candidates");
        assertThatThrownBy(() -> crowd.answer(0, CANDIDATES.get(0), -1)).hasMessageContaining("-1");
    }

    private static double meanChance(SimulatedCrowd crowd, Predicate<SimulatedCandidate> which) {
        double sum = 0;
        double weight = 0;
        for (int v = 0; v < crowd.size(); v++) {
            for (int i = v % 7; i < CANDIDATES.size(); i += 7) {
                SimulatedCandidate candidate = CANDIDATES.get(i);
                if (which.test(candidate)) {
                    sum += crowd.activity(v) * crowd.chanceOfRightAnswer(v, candidate, crowd.sessionLength(v) / 2);
                    weight += crowd.activity(v);
                }
            }
        }
        return sum / weight;
    }
}
