package org.skysieve.engine.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.consensus.ConsensusSettings;
import org.skysieve.engine.consensus.ConsensusUpdate;
import org.skysieve.engine.consensus.LiveConsensus;
import org.skysieve.engine.consensus.Replay;
import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.Outcome;
import org.skysieve.engine.consensus.RetirementRule.PosteriorThreshold;
import org.skysieve.engine.consensus.Vote;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedCrowd;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/**
 * A project in memory: a simulated sky and crowd, the live consensus, and the queue's arms with the default rules. A fifth
 * of the candidates is the evaluation sample: served by exploration alone, which finishes what it has begun before it
 * begins more, and retired on votes alone.
 */
final class SimulatedProject {
    private static final PosteriorThreshold RULE = new PosteriorThreshold(0.92, List.of(0.95, 0.92), 2, 10, 0.8);
    private static final double EVALUATION = 0.2;
    private static final int BATCH = 5;
    private static final int WINDOW = 64;
    private static final int FINISHED_FIRST = 24;
    private static final int OVERSIZE = 4000;
    private static final int ORDERS = 8;
    private static final Priority PRIORITY = new Priority(new Entropy());

    private static List<SimulatedCandidate> drawn = List.of();

    final int n;
    final boolean[] real;
    final double[] snr;
    final boolean[] gold;
    final boolean[] evaluation;
    final int[] votes;
    final double[][] crowdP;
    final double[][] combined;
    final Outcome[] outcome;
    /** What each vote and refit so far changed: state before, state after or -1 (called real) or -2, 1 for a refit. */
    private final List<int[]> moves = new ArrayList<>();

    /** Candidates of the sample in the order in which exploration began them. */
    final List<Integer> begun = new ArrayList<>();

    private final SimulatedCrowd crowd;
    private final SplittableRandom random;
    private final LiveConsensus live = new LiveConsensus(ConsensusSettings.defaults(2));
    private final List<SimulatedCandidate> sky = new ArrayList<>();
    private final double[][] model;
    private final List<Set<Integer>> asked = new ArrayList<>();
    private final double[] priority;
    private final int[] goldSeen;
    private final long[] cast;
    private int sinceRefit;
    private long votesCast;
    private long votesOnGold;

    SimulatedProject(long seed, int n, int people, double goldShare) {
        this.n = n;
        random = new SplittableRandom(seed);
        crowd = new SimulatedCrowd(seed, people);
        real = new boolean[n];
        snr = new double[n];
        gold = new boolean[n];
        evaluation = new boolean[n];
        votes = new int[n];
        crowdP = new double[n][];
        combined = new double[n][];
        outcome = new Outcome[n];
        model = new double[n][];
        priority = new double[n];
        goldSeen = new int[people];
        cast = new long[people];
        List<SimulatedCandidate> all = sky();
        for (int c = 0; c < n; c++) {
            SimulatedCandidate one = all.get(random.nextInt(all.size()));
            sky.add(renamed(one, seed * 1_000_003L + c));
            real[c] = one.real();
            snr[c] = one.snr();
            gold[c] = random.nextDouble() < goldShare;
            evaluation[c] = !gold[c] && random.nextDouble() < EVALUATION;
            // What a model makes of it: good where the source is bright, poor where it is faint.
            double separation = Brightness.ofSnr(snr[c]) == Brightness.FAINT ? 1.6 : 2.8;
            double p = 1 / (1 + Math.exp(-((real[c] ? separation : -separation) + 1.6 * random.nextGaussian())));
            model[c] = new double[] {p, 1 - p};
            asked.add(new HashSet<>());
            rank(c);
            if (gold[c]) {
                live.gold(c, real[c] ? SimulatedCrowd.REAL : SimulatedCrowd.BOGUS);
            }
        }
    }

    /** Drawn once: what images cost is not needed here. */
    private static synchronized List<SimulatedCandidate> sky() {
        if (drawn.isEmpty()) {
            drawn = new SimulatedSurvey(SurveySettings.ofSeed(77)).candidates(0, OVERSIZE);
        }
        return drawn;
    }

    private static SimulatedCandidate renamed(SimulatedCandidate one, long candid) {
        AlertPacket p = one.packet();
        return new SimulatedCandidate(
                new AlertPacket(
                        p.survey(),
                        candid,
                        p.objectId(),
                        p.timeMjd(),
                        p.ra(),
                        p.dec(),
                        p.passband(),
                        p.mag(),
                        p.magError(),
                        p.snr(),
                        p.positive(),
                        p.fwhmPixels(),
                        p.pixelScaleArcsec(),
                        p.surveyScore(),
                        p.cutouts(),
                        p.history(),
                        p.surroundings(),
                        p.remarks()),
                one.real(),
                one.subclass(),
                one.snr(),
                one.seed(),
                one.index());
    }

    long votesCast() {
        return votesCast;
    }

    boolean isOpen(int c) {
        return !gold[c] && (outcome[c] == null || outcome[c].decision() == Decision.OPEN);
    }

    boolean isCalledReal(int c) {
        return !isOpen(c) && outcome[c].decision() == Decision.RETIRED && outcome[c].answer() == SimulatedCrowd.REAL;
    }

    private int after(int c) {
        return isOpen(c) ? VotesLeft.state(combined[c], votes[c]) : isCalledReal(c) ? -1 : -2;
    }

    /** Learned from the later half. */
    VotesLeft left() {
        VotesLeft left = new VotesLeft(RULE.maxVotes());
        for (int[] move : moves.subList(moves.size() / 2, moves.size())) {
            if (move[2] == 0 && move[1] >= 0) {
                left.stays(move[0], move[1]);
            } else if (move[2] == 0) {
                left.finishes(move[0], move[1] == -1);
            } else if (move[1] >= 0) {
                left.refitted(move[0], move[1]);
            } else {
                left.refitFinishes(move[0], move[1] == -1);
            }
        }
        return left;
    }

    Forecast.Standing standing() {
        long[] states = new long[VotesLeft.states()];
        long found = 0;
        for (int c = 0; c < n; c++) {
            if (!gold[c] && isOpen(c)) {
                states[VotesLeft.state(votes[c] > 0 ? combined[c] : model[c], votes[c])]++;
            }
            found += !gold[c] && isCalledReal(c) ? 1 : 0;
        }
        return new Forecast.Standing(states, found, votesCast / (double) Math.max(1, votesCast - votesOnGold));
    }

    /** Share of the real ones that have been called so. */
    double completeness() {
        double all = 0;
        double found = 0;
        for (int c = 0; c < n; c++) {
            all += !gold[c] && real[c] ? 1 : 0;
            found += !gold[c] && real[c] && isCalledReal(c) ? 1 : 0;
        }
        return found / all;
    }

    int open() {
        int open = 0;
        for (int c = 0; c < n; c++) {
            open += isOpen(c) ? 1 : 0;
        }
        return open;
    }

    /** Lets people come until so many candidates (gold apart) are still open. */
    void runUntilOpen(int left) {
        while (open() > left) {
            visit();
        }
    }

    void visit() {
        int who = crowd.drawByActivity(random);
        List<Integer> begunOnes = new ArrayList<>();
        List<Integer> unbegun = new ArrayList<>();
        List<Integer> queue = new ArrayList<>();
        List<Integer> tests = new ArrayList<>();
        for (int c = 0; c < n; c++) {
            if (asked.get(c).contains(who)) {
                continue;
            }
            if (gold[c]) {
                tests.add(c);
            } else if (isOpen(c)) {
                if (!evaluation[c]) {
                    queue.add(c);
                } else if (votes[c] == 0) {
                    unbegun.add(c);
                } else if (begunOnes.size() < FINISHED_FIRST) {
                    begunOnes.add(c);
                }
            }
        }
        List<Integer> window = new ArrayList<>(queue);
        window.sort(Comparator.comparingDouble(c -> -priority(c)));
        window = new ArrayList<>(window.subList(0, Math.min(WINDOW, window.size())));
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < BATCH) {
            Set<Arm> available = new LinkedHashSet<>();
            if (!begunOnes.isEmpty() || !unbegun.isEmpty()) {
                available.add(Arm.EXPLORATION);
            }
            if (!queue.isEmpty()) {
                available.add(Arm.VARIETY);
            }
            if (!window.isEmpty()) {
                available.add(Arm.UNCERTAINTY);
            }
            if (available.isEmpty()) {
                break;
            }
            if (!tests.isEmpty()) {
                available.add(Arm.GOLD);
            }
            Arm arm = ArmMix.of(0.08, 0.15, 0.55, goldSeen[who]).draw(available, random);
            int c;
            if (arm.equals(Arm.GOLD)) {
                c = tests.get(random.nextInt(tests.size()));
            } else if (arm.equals(Arm.EXPLORATION)) {
                List<Integer> first = begunOnes.isEmpty() ? unbegun : begunOnes;
                c = first.get(random.nextInt(first.size()));
            } else if (arm.equals(Arm.VARIETY)) {
                c = queue.get(random.nextInt(queue.size()));
            } else {
                double[] usefulness =
                        window.stream().mapToDouble(this::priority).toArray();
                c = window.get(new PowerSampling(usefulness, 4).next(random).index());
            }
            goldSeen[who] += arm.equals(Arm.GOLD) ? 1 : 0;
            chosen.add(c);
            for (List<Integer> list : List.of(begunOnes, unbegun, queue, window, tests)) {
                list.remove((Integer) c);
            }
        }
        chosen.forEach(c -> vote(who, c));
    }

    private double priority(int c) {
        return priority[c];
    }

    private void rank(int c) {
        double[] p = votes[c] > 0 ? combined[c] : model[c];
        priority[c] = PRIORITY.of(new Belief(p, Double.NaN, Double.NaN, votes[c]));
    }

    private void vote(int who, int c) {
        asked.get(c).add(who);
        int inSession = (int) (cast[who]++ % crowd.sessionLength(who));
        int answer = crowd.answer(who, sky.get(c), inSession);
        ConsensusUpdate update =
                live.vote(new Vote(c, who, answer, crowd.isGuest(who), Brightness.ofSnr(snr[c])), model[c]);
        int before = VotesLeft.state(votes[c] > 0 ? combined[c] : model[c], votes[c]);
        if (evaluation[c] && votes[c] == 0) {
            begun.add(c);
        }
        votesCast++;
        take(c, update, false);
        votesOnGold += gold[c] ? 1 : 0;
        if (!gold[c]) {
            moves.add(new int[] {before, after(c), 0});
        }
        if (++sinceRefit >= Math.max(200, votesCast / 10)) {
            sinceRefit = 0;
            live.refit();
            for (int i = 0; i < n; i++) {
                if (votes[i] > 0) {
                    boolean wasOpen = isOpen(i);
                    int state = VotesLeft.state(combined[i], votes[i]);
                    take(i, live.find(i).orElseThrow(), true);
                    if (wasOpen && after(i) != state) {
                        moves.add(new int[] {state, after(i), 1});
                    }
                }
            }
        }
    }

    private void take(int c, ConsensusUpdate update, boolean refit) {
        votes[c] = update.votes();
        crowdP[c] = update.crowd();
        combined[c] = update.combined();
        rank(c);
        if (gold[c]) {
            return;
        }
        double[] deciding = evaluation[c] ? update.crowd() : update.combined();
        Outcome anew = RULE.decide(deciding, live.answers(c));
        Outcome before = outcome[c];
        boolean stays = refit
                && before != null
                && (before.decision() == Decision.AMBIGUOUS
                        || before.decision() == Decision.RETIRED && RULE.holds(before.answer(), anew, deciding));
        if (!stays) {
            outcome[c] = anew;
        }
    }

    /** What the rule makes of the gold standards' votes where it does not know their class, against their class. */
    GoldCalibration calibration(SplittableRandom orders, boolean ofReal) {
        List<double[]> rows = new ArrayList<>();
        for (int c = 0; c < n; c++) {
            for (int k = 0; gold[c] && votes[c] > 0 && k < ORDERS; k++) {
                rows.add(new double[] {replay(c, true, orders).combined()[ofReal ? 0 : 1], real[c] == ofReal ? 1 : 0});
            }
        }
        double[] claimed = new double[rows.size()];
        double[] weight = new double[rows.size()];
        boolean[] truth = new boolean[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            claimed[i] = rows.get(i)[0];
            truth[i] = rows.get(i)[1] == 1;
            weight[i] = 1.0 / ORDERS;
        }
        return GoldCalibration.fit(claimed, truth, weight);
    }

    /**
     * What the rule would call it from votes and model, as it does outside of the evaluation sample; -1: ambiguous, -2:
     * undecided.
     */
    int label(int c, SplittableRandom orders) {
        Replay replay = replay(c, false, orders);
        return switch (replay.decision()) {
            case OPEN -> -2;
            case AMBIGUOUS -> -1;
            case RETIRED -> replay.answer();
        };
    }

    private Replay replay(int c, boolean votesAlone, SplittableRandom orders) {
        return Replay.of(live.explain(c).orElseThrow(), live.voteTemperature(), RULE, votesAlone, orders);
    }
}
