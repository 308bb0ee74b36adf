package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold of every history of votes, edits, undos, gold standards, model evidence and refits, on many random ones:
 * an undo reverses its vote, a replay gives the same bits, and so does a rebuild from any place.
 */
class VoteHistoryTest {
    private static final int CANDIDATES = 30;
    private static final int VOLUNTEERS = 10;

    /** Append the seed of every failure ever seen. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aReplayGivesTheSameBits(long seed) {
        List<Entry> history = history(seed, 400);

        assertSame(bits(applied(seed, history)), bits(applied(seed, history)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRebuildFromAnyPlaceContinuesToTheSameBits(long seed) {
        List<Entry> history = history(seed, 400);
        int cut = new SplittableRandom(seed + 1000).nextInt(history.size());

        LiveConsensus before = applied(seed, history.subList(0, cut));
        LiveConsensus rebuilt = LiveConsensus.restore(before.settings(), before.snapshot());
        history.subList(cut, history.size()).forEach(entry -> entry.applyTo(rebuilt));

        assertSame(bits(rebuilt), bits(applied(seed, history)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aVoteAndItsUndoReverseEachOtherAnywhere(long seed) {
        SplittableRandom random = new SplittableRandom(seed + 2000);
        List<Entry> history = history(seed, 300);
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(classes(seed)));
        for (Entry entry : history) {
            entry.applyTo(live);
            if (random.nextInt(10) > 0) {
                continue;
            }
            long candidate = random.nextInt(CANDIDATES);
            if (live.state(candidate).isEmpty()) {
                continue;
            }
            // The candidate is judged by what is known now; only then is there a state to return to.
            live.evidence(candidate, live.state(candidate).orElseThrow().model());
            List<String> settled = bits(live);

            live.vote(vote(candidate, 777, random.nextInt(classes(seed))), null);
            live.withdraw(candidate, 777);

            assertSame(bits(live), settled);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anEditAndItsReverseLeaveEveryBit(long seed) {
        SplittableRandom random = new SplittableRandom(seed + 3000);
        LiveConsensus live = applied(seed, history(seed, 300));
        for (ConsensusSnapshot.CandidateState state : live.snapshot().candidates()) {
            if (state.volunteers().length == 0) {
                continue;
            }
            int place = random.nextInt(state.volunteers().length);
            long volunteer = state.volunteers()[place];
            boolean guest = state.guests()[place];
            live.evidence(state.candidate(), state.model());
            List<String> settled = bits(live);

            int other = (state.answers()[place] + 1) % classes(seed);
            live.vote(new Vote(state.candidate(), volunteer, other, guest, state.brightness()), null);
            assertThat(live.answers(state.candidate())[other]).isPositive();
            live.vote(new Vote(state.candidate(), volunteer, state.answers()[place], guest, state.brightness()), null);

            assertSame(bits(live), settled);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void votesThatCameAndWentLeaveNoTraceAfterARefit(long seed) {
        SplittableRandom random = new SplittableRandom(seed + 4000);
        List<Entry> history = history(seed, 300);
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(classes(seed)));
        Map<Long, List<Long>> noise = new HashMap<>();
        long stranger = 10_000;
        for (Entry entry : history) {
            entry.applyTo(live);
            if (random.nextInt(3) == 0) {
                long candidate = random.nextInt(CANDIDATES);
                live.vote(vote(candidate, ++stranger, random.nextInt(classes(seed))), null);
                noise.computeIfAbsent(candidate, id -> new ArrayList<>()).add(stranger);
            }
            if (random.nextInt(5) == 0 && !noise.isEmpty()) {
                long candidate = noise.keySet().iterator().next();
                noise.remove(candidate).forEach(volunteer -> live.withdraw(candidate, volunteer));
            }
        }
        noise.forEach((candidate, volunteers) -> volunteers.forEach(volunteer -> live.withdraw(candidate, volunteer)));
        LiveConsensus clean = applied(seed, history);

        live.refit();
        clean.refit();

        assertSame(bits(live), bits(clean));
        assertThat(live.votes()).isEqualTo(clean.votes());
    }

    /** Shows the lines that differ and no others. */
    private static void assertSame(List<String> actual, List<String> expected) {
        List<String> extra = new ArrayList<>(actual);
        extra.removeAll(expected);
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(actual);
        assertThat(extra).isEqualTo(missing);
        assertThat(actual).hasSameSizeAs(expected);
    }

    private static int classes(long seed) {
        return 2 + (int) (seed % 4);
    }

    private enum Kind {
        VOTE,
        UNDO,
        GOLD,
        EVIDENCE,
        REFIT
    }

    private record Entry(Kind kind, Vote vote, double @Nullable [] model, int gold) {
        void applyTo(LiveConsensus live) {
            switch (kind) {
                case VOTE -> live.vote(vote, model);
                case UNDO -> live.withdraw(vote.candidate(), vote.volunteer());
                case GOLD -> live.gold(vote.candidate(), gold);
                case EVIDENCE -> live.evidence(vote.candidate(), model);
                case REFIT -> live.refit();
            }
        }
    }

    private static Vote vote(long candidate, long volunteer, int answer) {
        Brightness[] all = Brightness.values();
        return new Vote(candidate, volunteer, answer, volunteer % 3 == 0, all[(int) (candidate % all.length)]);
    }

    /** Votes and edits mostly, undos of votes that stand, a few gold standards, model claims and refits. */
    private static List<Entry> history(long seed, int entries) {
        int classes = classes(seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Entry> history = new ArrayList<>();
        List<long[]> standing = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            long candidate = random.nextInt(CANDIDATES);
            long volunteer = random.nextInt(VOLUNTEERS);
            int truth = (int) (candidate % classes);
            int answer = random.nextDouble() < 0.7 ? truth : random.nextInt(classes);
            int kind = random.nextInt(100);
            if (kind < 70) {
                history.add(new Entry(
                        Kind.VOTE,
                        vote(candidate, volunteer, answer),
                        random.nextInt(4) == 0 ? claim(random, truth, classes) : null,
                        -1));
                if (standing.stream().noneMatch(pair -> pair[0] == candidate && pair[1] == volunteer)) {
                    standing.add(new long[] {candidate, volunteer});
                }
            } else if (kind < 85 && !standing.isEmpty()) {
                long[] pair = standing.remove(random.nextInt(standing.size()));
                history.add(new Entry(Kind.UNDO, vote(pair[0], pair[1], 0), null, -1));
            } else if (kind < 90) {
                history.add(
                        new Entry(Kind.GOLD, vote(candidate, volunteer, 0), null, random.nextInt(3) == 0 ? -1 : truth));
            } else if (kind < 98) {
                double[] claim = random.nextInt(4) == 0 ? null : claim(random, truth, classes);
                history.add(new Entry(Kind.EVIDENCE, vote(candidate, volunteer, 0), claim, -1));
            } else {
                history.add(new Entry(Kind.REFIT, vote(0, 0, 0), null, -1));
            }
        }
        return history;
    }

    private static double[] claim(SplittableRandom random, int truth, int classes) {
        double[] claim = new double[classes];
        double sure = 0.4 + 0.5 * random.nextDouble();
        Arrays.fill(claim, (1 - sure) / (classes - 1));
        claim[random.nextInt(5) == 0 ? random.nextInt(classes) : truth] = sure;
        return claim;
    }

    private static LiveConsensus applied(long seed, List<Entry> history) {
        LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(classes(seed)));
        history.forEach(entry -> entry.applyTo(live));
        return live;
    }

    /** Every number of a consensus, exactly: what is stored, and the volunteers' matrices that follow from it. */
    private static List<String> bits(LiveConsensus live) {
        List<String> bits = new ArrayList<>();
        ConsensusSnapshot snapshot = live.snapshot();
        bits.add(Arrays.toString(live.classPrior()) + snapshot.voteTemperature() + " " + snapshot.modelTemperature());
        for (ConsensusSnapshot.CandidateState state : snapshot.candidates()) {
            // The next first vote settles the brightness anew: without votes it is no part of the state.
            String brightness =
                    state.volunteers().length == 0 ? "" : state.brightness().name();
            bits.add(state.candidate() + " " + brightness + Arrays.toString(state.volunteers())
                    + Arrays.toString(state.guests()) + Arrays.toString(state.answers())
                    + Arrays.toString(state.model()) + state.gold() + Arrays.toString(state.contribution())
                    + Arrays.toString(state.terms()) + Arrays.toString(state.crowd())
                    + Arrays.toString(state.combined()));
        }
        for (long volunteer : live.volunteers()) {
            VolunteerReliability known = live.reliability(volunteer);
            bits.add(volunteer + " " + known.votes() + " " + known.guest() + " " + known.goldSeen() + " "
                    + known.goldAgreed() + Arrays.toString(known.counts()) + Arrays.toString(known.confusion()));
        }
        bits.add(Arrays.toString(live.crowdReliability(true).confusion())
                + Arrays.toString(live.crowdReliability(false).confusion()));
        return bits;
    }
}
