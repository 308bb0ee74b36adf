package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.math.Interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LiveConsensusTest {
    private static final ConsensusSettings TWO = ConsensusSettings.defaults(2);

    @Test
    void unknownVolunteersAreTwoCoinsOfThePrior() {
        LiveConsensus live = new LiveConsensus(TWO);

        double one = live.vote(Vote.of(1, 10, 0), null).crowd()[0];
        double two = live.vote(Vote.of(1, 11, 0), null).crowd()[0];
        double disputed = live.vote(Vote.of(1, 12, 1), null).crowd()[0];

        // P(right) is 0.7 and nothing has been learned elsewhere: Bayes' rule with two coins, worth 2 / 1.15 of them.
        double odds = Math.pow(0.49 / 0.09, 1 / 1.15);
        assertThat(one).isCloseTo(0.7, Offset.offset(1e-12));
        assertThat(two).isCloseTo(odds / (1 + odds), Offset.offset(1e-12));
        double disputedOdds = Math.pow(0.7 / 0.3, 1 / 1.3);
        assertThat(disputed).isCloseTo(disputedOdds / (1 + disputedOdds), Offset.offset(1e-12));
    }

    @Test
    void goldStandardsTeachAVolunteersTwoCoins() {
        LiveConsensus live = new LiveConsensus(TWO);
        // 10 gold of class 0, 8 answered right; 10 gold of class 1, 9 answered right.
        for (int i = 0; i < 20; i++) {
            live.gold(i, i < 10 ? 0 : 1);
            boolean right = i != 0 && i != 1 && i != 10;
            live.vote(Vote.of(i, 7, (i < 10) == right ? 0 : 1), null);
        }

        double p = live.vote(Vote.of(100, 7, 0), null).crowd()[0];

        double hit = coin(8, 10, 0.7);
        double falseAlarm = coin(1, 10, 0.3);
        assertThat(p).isCloseTo(hit / (hit + falseAlarm), Offset.offset(1e-9));
    }

    /** P(answer | truth) of one volunteer who is the whole crowd: prior, then crowd, then brightness, then own votes. */
    private static double coin(double count, double row, double prior) {
        double crowd = (count + 20 * prior) / (row + 20);
        double atBrightness = (count + 20 * crowd) / (row + 20);
        return (count + 2 * atBrightness) / (row + 2);
    }

    @Test
    void theModelMovesCombinedAndNeverCrowd() {
        LiveConsensus with = new LiveConsensus(TWO);
        LiveConsensus without = new LiveConsensus(TWO);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            Vote vote = Vote.of(random.nextInt(300), random.nextInt(30), random.nextInt(2));
            double p = random.nextDouble();
            with.vote(vote, new double[] {p, 1 - p});
            without.vote(vote, null);
        }
        with.refit();
        without.refit();

        assertThat(with.voteTemperature()).isEqualTo(without.voteTemperature());
        int moved = 0;
        for (long candidate : with.candidates()) {
            ConsensusUpdate a = with.find(candidate).orElseThrow();
            ConsensusUpdate b = without.find(candidate).orElseThrow();
            assertThat(a.crowd()).isEqualTo(b.crowd());
            moved += Arrays.equals(a.combined(), b.combined()) ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(290);
        for (long volunteer : with.volunteers()) {
            assertThat(with.reliability(volunteer).confusion())
                    .isEqualTo(without.reliability(volunteer).confusion());
        }
    }

    @Test
    void aModelThatTheCrowdContradictsLosesItsWeight() {
        LiveConsensus live = new LiveConsensus(TWO);
        double[] claimsReal = {0.97, 0.03};
        double before = live.evidence(-1, claimsReal).combined()[0];
        SplittableRandom random = new SplittableRandom(2);
        for (int c = 0; c < 400; c++) {
            int truth = c % 2;
            for (int v = 0; v < 3; v++) {
                int answer = random.nextDouble() < 0.9 ? truth : 1 - truth;
                live.vote(Vote.of(c, v, answer), claimsReal);
            }
        }

        double after = live.evidence(-1, claimsReal).combined()[0];

        assertThat(before).isGreaterThan(0.85);
        // It says the same of both classes: evidence of nothing.
        assertThat(after).isCloseTo(0.5, Offset.offset(0.06));
    }

    @Test
    void faintSourcesGetTheConfusionOfFaintSources() {
        LiveConsensus live = new LiveConsensus(TWO);
        SplittableRandom random = new SplittableRandom(3);
        for (int c = 0; c < 2_000; c++) {
            Brightness brightness = c % 2 == 0 ? Brightness.FAINT : Brightness.BRIGHT;
            int truth = random.nextInt(2);
            live.gold(c, truth);
            for (int v = 0; v < 3; v++) {
                double right = brightness == Brightness.FAINT ? 0.6 : 0.98;
                int answer = random.nextDouble() < right ? truth : 1 - truth;
                live.vote(new Vote(c, v + 3L * random.nextInt(200), answer, false, brightness), null);
            }
        }

        double faint =
                live.vote(new Vote(-1, 9_999, 0, false, Brightness.FAINT), null).crowd()[0];
        double bright = live.vote(new Vote(-2, 9_999, 0, false, Brightness.BRIGHT), null)
                .crowd()[0];

        assertThat(faint).isCloseTo(0.6, Offset.offset(0.04));
        assertThat(bright).isCloseTo(0.98, Offset.offset(0.02));
    }

    @Test
    void guestsShareAPoolOfTheirOwn() {
        LiveConsensus live = new LiveConsensus(TWO);
        for (int c = 0; c < 400; c++) {
            live.gold(c, c % 2);
            live.vote(new Vote(c, 1_000 + c, c % 2, false, Brightness.UNKNOWN), null);
            // Guests answer at random: half of each class right.
            live.vote(new Vote(c, 5_000 + c, c / 2 % 2, true, Brightness.UNKNOWN), null);
        }

        double named =
                live.vote(new Vote(-1, 1, 0, false, Brightness.UNKNOWN), null).crowd()[0];
        double guest =
                live.vote(new Vote(-2, 2, 0, true, Brightness.UNKNOWN), null).crowd()[0];

        assertThat(named).isGreaterThan(0.95);
        assertThat(guest).isCloseTo(0.5, Offset.offset(0.03));
        assertThat(live.reliability(2).guest()).isTrue();
    }

    @Test
    void anUndoRightAfterTheVoteRestoresEveryBit() {
        LiveConsensus live = randomHistory(1, 500, 2);
        live.refit();
        // Settle the candidate with what is known now; then a vote and its undo are inverse.
        live.evidence(3, new double[] {0.2, 0.8});
        ConsensusSnapshot before = live.snapshot();

        live.vote(Vote.of(3, 424_242, 1), null);
        live.withdraw(3, 424_242);

        assertSame(live.snapshot(), before);
    }

    @Test
    void takingEverythingBackLeavesNothing() {
        LiveConsensus live = new LiveConsensus(TWO);
        List<Vote> votes = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(8);
        for (int c = 0; c < 60; c++) {
            for (int v = 0; v < 5; v++) {
                votes.add(Vote.of(c, v * 7L, random.nextInt(2)));
            }
        }
        votes.forEach(vote -> live.vote(vote, null));
        Collections.shuffle(votes, new java.util.Random(1));

        votes.forEach(vote -> live.withdraw(vote.candidate(), vote.volunteer()));

        assertThat(live.candidates()).isEmpty();
        assertThat(live.volunteers()).isEmpty();
        assertThat(live.votes()).isZero();
        assertThat(live.classPrior()).containsExactly(0.5, 0.5);
        assertThat(live.crowdReliability(false).confusion())
                .isEqualTo(new LiveConsensus(TWO).crowdReliability(false).confusion());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSameLogGivesTheSameBits(long seed) {
        assertSame(
                randomHistory(seed, 1_500, 3).snapshot(),
                randomHistory(seed, 1_500, 3).snapshot());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void liveEqualsTheSlowReferenceToTheLastBit(long seed) {
        SlowReference slow = new SlowReference(ConsensusSettings.defaults(3));
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(3));
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 400; i++) {
            Entry entry = Entry.random(random, 3, 20, 8);

            entry.applyTo(live);
            slow.apply(entry);

            if (live.find(entry.candidate).isPresent()) {
                assertThat(live.find(entry.candidate).orElseThrow().crowd())
                        .as("entry %s", i)
                        .isEqualTo(slow.crowd(entry.candidate));
                assertThat(live.find(entry.candidate).orElseThrow().combined())
                        .as("entry %s", i)
                        .isEqualTo(slow.combined(entry.candidate));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRefitDependsOnTheStandingVotesAlone(long seed) {
        LiveConsensus live = randomHistory(seed, 1_000, 2);
        live.refit();
        ConsensusSnapshot standing = live.snapshot();

        List<Runnable> entries = new ArrayList<>();
        LiveConsensus other = new LiveConsensus(TWO);
        for (ConsensusSnapshot.CandidateState state : standing.candidates()) {
            for (int i = 0; i < state.answers().length; i++) {
                Vote vote = new Vote(
                        state.candidate(),
                        state.volunteers()[i],
                        state.answers()[i],
                        state.guests()[i],
                        state.brightness());
                entries.add(() -> other.vote(vote, state.model()));
            }
            entries.add(() -> other.evidence(state.candidate(), state.model()));
            entries.add(() -> other.gold(state.candidate(), state.gold()));
        }
        Collections.shuffle(entries, new java.util.Random(seed));
        entries.forEach(Runnable::run);
        other.refit();

        assertSame(other.snapshot(), standing);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRestoredConsensusContinuesToTheSameBits(long seed) {
        LiveConsensus live = randomHistory(seed, 800, 3);
        LiveConsensus restored = LiveConsensus.restore(live.settings(), live.snapshot());
        assertSame(restored.snapshot(), live.snapshot());

        SplittableRandom random = new SplittableRandom(seed + 100);
        for (int i = 0; i < 500; i++) {
            Entry entry = Entry.random(random, 3, 60, 15);
            entry.applyTo(live);
            entry.applyTo(restored);
            if (i == 250) {
                live.refit();
                restored.refit();
            }
        }

        assertSame(restored.snapshot(), live.snapshot());
        for (long volunteer : live.volunteers()) {
            assertThat(restored.reliability(volunteer))
                    .usingRecursiveComparison()
                    .isEqualTo(live.reliability(volunteer));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void explanationsAddUpToTheStoredPosteriors(long seed) {
        LiveConsensus live = randomHistory(seed, 1_200, 3);
        live.refit();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            Entry.random(random, 3, 60, 15).applyTo(live);
        }

        for (long candidate : live.candidates()) {
            Explanation why = live.explain(candidate).orElseThrow();
            ConsensusUpdate stored = live.find(candidate).orElseThrow();
            assertThat(why.crowd()).isEqualTo(stored.crowd());
            assertThat(why.combined()).isEqualTo(stored.combined());
            assertThat(why.votes()).hasSize(stored.votes());
        }
    }

    @Test
    void credibleIntervalsNarrowWithVotesAndCoverTheTruth() {
        int covered = 0;
        double widthFew = 0;
        double widthMany = 0;
        for (int seed = 0; seed < 200; seed++) {
            LiveConsensus live = new LiveConsensus(TWO);
            SplittableRandom random = new SplittableRandom(seed);
            for (int c = 0; c < 400; c++) {
                if (c == 20) {
                    widthFew += width(live.reliability(1).accuracyInterval(0, 0.9));
                }
                live.gold(c, c % 2);
                live.vote(Vote.of(c, 1, random.nextDouble() < 0.8 ? c % 2 : 1 - c % 2), null);
            }
            Interval interval = live.reliability(1).accuracyInterval(0, 0.9);
            widthMany += width(interval);
            covered += interval.covers(0.8) ? 1 : 0;
        }

        assertThat(widthMany).isLessThan(widthFew / 2);
        // 90 % of 200, within three standard errors (4.2).
        assertThat(covered).isBetween(167, 195);
    }

    private static double width(Interval interval) {
        return interval.high() - interval.low();
    }

    @Test
    void goldStandardsTellHowCorrelatedVotesAre() {
        LiveConsensus independent = new LiveConsensus(TWO);
        LiveConsensus correlated = new LiveConsensus(TWO);
        SplittableRandom random = new SplittableRandom(4);
        for (int c = 0; c < 600; c++) {
            int truth = random.nextInt(2);
            // One candidate in four misleads everybody alike.
            int seems = random.nextDouble() < 0.25 ? 1 - truth : truth;
            for (int v = 0; v < 8; v++) {
                double draw = random.nextDouble();
                independent.vote(Vote.of(c, v, draw < 0.75 ? truth : 1 - truth), null);
                correlated.vote(Vote.of(c, v, draw < 0.9 ? seems : 1 - seems), null);
            }
            if (c < 150) {
                independent.gold(c, truth);
                correlated.gold(c, truth);
            }
        }

        assertThat(independent.refit().voteTemperature().correlation()).isLessThan(0.06);
        assertThat(correlated.refit().voteTemperature().correlation()).isGreaterThan(0.4);
    }

    @Test
    void twentyGoldStandardsSetTheTemperature() {
        LiveConsensus live = new LiveConsensus(TWO);
        SplittableRandom random = new SplittableRandom(4);
        for (int c = 0; c < 400; c++) {
            int truth = random.nextInt(2);
            int seems = random.nextDouble() < 0.25 ? 1 - truth : truth;
            for (int v = 0; v < 4; v++) {
                live.vote(Vote.of(c, v, random.nextDouble() < 0.9 ? seems : 1 - seems), null);
            }
            if (c < 100) {
                live.gold(c, truth);
            }
        }

        Refit refit = live.refit();

        assertThat(refit.goldUsed()).isEqualTo(100);
        // Three in four are right however sure the votes are.
        double claimed = 0;
        for (long c = 100; c < 400; c++) {
            claimed += Arrays.stream(live.find(c).orElseThrow().crowd()).max().orElseThrow() / 300;
        }
        assertThat(claimed).isCloseTo(0.75, Offset.offset(0.08));
    }

    @Test
    void refusesWhatItCannotCount() {
        LiveConsensus live = new LiveConsensus(TWO);

        assertThatThrownBy(() -> live.vote(Vote.of(1, 1, 2), null)).hasMessageContaining("got answer 2, need 0");
        assertThatThrownBy(() -> live.withdraw(1, 1)).hasMessageContaining("volunteer 1 has no vote on candidate 1");
        assertThatThrownBy(() -> live.gold(1, 2)).hasMessageContaining("got class 2");
        assertThatThrownBy(() -> live.vote(Vote.of(1, 1, 0), new double[] {0.5, 0.6}))
                .hasMessageContaining("sum 1.1");
        assertThat(live.candidates()).isEmpty();
    }

    private static LiveConsensus randomHistory(long seed, int entries, int classes) {
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(classes));
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < entries; i++) {
            Entry.random(random, classes, 60, 15).applyTo(live);
            if (i % 400 == 399) {
                live.refit();
            }
        }
        return live;
    }

    private static void assertSame(ConsensusSnapshot actual, ConsensusSnapshot expected) {
        assertThat(actual).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(expected);
    }

    /** One entry of a log: a vote (perhaps a change of mind), an undo, a gold standard. */
    record Entry(
            int kind,
            long candidate,
            long volunteer,
            int answer,
            boolean guest,
            Brightness brightness,
            double[] model) {
        static Entry random(SplittableRandom random, int classes, int candidates, int volunteers) {
            double kind = random.nextDouble();
            long candidate = random.nextInt(candidates);
            long volunteer = random.nextInt(volunteers);
            double[] model = null;
            if (random.nextDouble() < 0.5) {
                model = new double[classes];
                Arrays.fill(model, 0.1 / classes);
                model[random.nextInt(classes)] += 0.9;
            }
            return new Entry(
                    kind < 0.75 ? 0 : kind < 0.95 ? 1 : 2,
                    candidate,
                    volunteer,
                    // A third of the candidates have an evident answer.
                    candidate % 3 == 0 ? (int) (candidate % classes) : random.nextInt(classes),
                    volunteer % 4 == 0,
                    Brightness.values()[(int) (candidate % 4)],
                    model);
        }

        void applyTo(LiveConsensus live) {
            if (kind == 0) {
                live.vote(new Vote(candidate, volunteer, answer, guest, brightness), model);
            } else if (kind == 1) {
                boolean stands = live.explain(candidate).stream()
                        .flatMap(why -> why.votes().stream())
                        .anyMatch(term -> term.volunteer() == volunteer);
                if (stands) {
                    live.withdraw(candidate, volunteer);
                }
            } else {
                live.gold(candidate, answer);
            }
        }
    }

    /**
     * The same mathematics written for reading: nothing is kept but the entries that stand and each candidate's last
     * contribution; every sum is taken anew from those.
     */
    private static final class SlowReference {
        private static final double ONE = Math.pow(2, 32);
        private final ConsensusSettings settings;
        private final int classes;
        private final Map<Long, Map<Long, Entry>> votes = new TreeMap<>();
        private final Map<Long, Integer> gold = new TreeMap<>();
        private final Map<Long, double[]> models = new TreeMap<>();
        private final Map<Long, Brightness> brightness = new TreeMap<>();
        private final Map<Long, long[]> contribution = new TreeMap<>();
        private final Map<Long, double[][]> posteriors = new TreeMap<>();

        SlowReference(ConsensusSettings settings) {
            this.settings = settings;
            this.classes = settings.classes();
        }

        double[] crowd(long candidate) {
            return posteriors.get(candidate)[0];
        }

        double[] combined(long candidate) {
            return posteriors.get(candidate)[1];
        }

        void apply(Entry entry) {
            Map<Long, Entry> own = votes.computeIfAbsent(entry.candidate, key -> new TreeMap<>());
            if (entry.kind == 0) {
                if (own.isEmpty()) {
                    brightness.put(entry.candidate, entry.brightness);
                }
                own.put(entry.volunteer, entry);
                if (entry.model != null) {
                    models.put(entry.candidate, entry.model);
                }
            } else if (entry.kind == 1) {
                if (own.remove(entry.volunteer) == null) {
                    return;
                }
            } else {
                gold.put(entry.candidate, entry.answer);
            }
            evaluate(entry.candidate);
        }

        private void evaluate(long candidate) {
            contribution.remove(candidate);
            double[] prior = new double[classes];
            double[] sum = new double[classes];
            double[] model = new double[classes];
            double candidates = settings.classStrength();
            for (int t = 0; t < classes; t++) {
                candidates += classCount(t) / ONE;
            }
            for (int t = 0; t < classes; t++) {
                prior[t] = StrictMath.log((classCount(t) / ONE
                                + settings.classStrength()
                                        * settings.classPrior().get(t))
                        / candidates);
                for (Entry vote : votes.get(candidate).values()) {
                    sum[t] += StrictMath.log(confusion(vote, t, brightness.get(candidate)));
                }
                if (models.containsKey(candidate)) {
                    model[t] = StrictMath.log(modelLikelihood(ModelBins.of(models.get(candidate)), t));
                }
            }
            double[] plain = new double[classes];
            double[] crowd = new double[classes];
            double[] combined = new double[classes];
            for (int t = 0; t < classes; t++) {
                double temperature = temperature(candidate);
                plain[t] = prior[t] + sum[t];
                crowd[t] = prior[t] + sum[t] / temperature;
                combined[t] = prior[t] + sum[t] / temperature + model[t];
            }
            org.skysieve.engine.math.Softmax.inPlace(plain);
            org.skysieve.engine.math.Softmax.inPlace(crowd);
            org.skysieve.engine.math.Softmax.inPlace(combined);
            if (gold.containsKey(candidate)) {
                Arrays.fill(crowd, 0);
                crowd[gold.get(candidate)] = 1;
                combined = crowd;
                plain = crowd;
            }
            posteriors.put(candidate, new double[][] {crowd, combined});
            if (!votes.get(candidate).isEmpty() || gold.containsKey(candidate)) {
                contribution.put(
                        candidate,
                        Arrays.stream(plain)
                                .mapToLong(p -> (long) Math.rint(p * ONE))
                                .toArray());
            }
        }

        private double temperature(long candidate) {
            return 1
                    + settings.voteCorrelation()
                            * Math.max(0, votes.get(candidate).size() - 1);
        }

        private long classCount(int truth) {
            return contribution.entrySet().stream()
                    .filter(entry -> !gold.containsKey(entry.getKey()))
                    .mapToLong(entry -> entry.getValue()[truth])
                    .sum();
        }

        private double modelLikelihood(int bin, int truth) {
            long count = 0;
            long row = 0;
            for (Map.Entry<Long, long[]> entry : contribution.entrySet()) {
                if (models.containsKey(entry.getKey())) {
                    row += entry.getValue()[truth];
                    count += ModelBins.of(models.get(entry.getKey())) == bin ? entry.getValue()[truth] : 0;
                }
            }
            double prior = ModelBins.prior(truth, bin, classes, settings.modelTrust());
            return (count / ONE + settings.modelStrength() * prior) / (row / ONE + settings.modelStrength());
        }

        private double confusion(Entry vote, int truth, Brightness at) {
            double expected = vote.answer == truth ? settings.diagonal() : (1 - settings.diagonal()) / (classes - 1);
            double overall = shrunk(vote, truth, null, null, vote.guest, 1, expected, settings.crowdStrength());
            double crowd = shrunk(vote, truth, at, null, vote.guest, 1, overall, settings.brightnessStrength());
            return shrunk(
                    vote, truth, at, vote.volunteer, null, settings.borrow(), crowd, settings.volunteerStrength());
        }

        /** (count + strength * prior) / (row + strength) over the votes of one volunteer or of one pool. */
        private double shrunk(
                Entry vote,
                int truth,
                Brightness at,
                Long volunteer,
                Boolean guest,
                double borrow,
                double prior,
                double strength) {
            long here = 0;
            long rowHere = 0;
            long elsewhere = 0;
            long rowElsewhere = 0;
            for (Map.Entry<Long, long[]> entry : contribution.entrySet()) {
                Map<Long, Entry> others = votes.get(entry.getKey());
                if (others.size() < 2 && !gold.containsKey(entry.getKey())) {
                    continue;
                }
                for (Entry other : others.values()) {
                    if ((volunteer == null || other.volunteer == volunteer)
                            && (guest == null || other.guest == guest)) {
                        boolean same = other.answer == vote.answer;
                        long amount = (long) Math.rint(entry.getValue()[truth] * (1 / temperature(entry.getKey())));
                        if (at == null || brightness.get(entry.getKey()) == at) {
                            here += same ? amount : 0;
                            rowHere += amount;
                        } else if (volunteer != null) {
                            elsewhere += same ? amount : 0;
                            rowElsewhere += amount;
                        }
                    }
                }
            }
            double count = volunteer == null ? here / ONE : (here + borrow * elsewhere) / ONE;
            double row = volunteer == null ? rowHere / ONE : (rowHere + borrow * rowElsewhere) / ONE;
            return (count + strength * prior) / (row + strength);
        }
    }
}
