package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.math.Softmax;

/**
 * The live posterior of every candidate and the reliability of every volunteer, moved by each vote: incremental
 * expectation maximisation over the hierarchical model of Dawid and Skene (see docs/methods/consensus.md).
 *
 * <p>A step takes what the candidate contributes out of its volunteers' confusion matrices, evaluates the candidate with
 * what is left, and puts the new contribution in. So a candidate is always judged by what its volunteers did
 * <i>elsewhere</i>, and no posterior feeds on itself. A contribution is the P(class) from the <b>votes alone</b>: the
 * model's evidence never enters a volunteer's reliability, nor the model's own, so a model cannot confirm itself through
 * the labels that train it. A candidate with one vote and no gold standard contributes to no confusion matrix: one
 * answer says nothing of its volunteer.
 *
 * <p><b>Exact.</b> Contributions are fixed-point integers, so sums do not depend on order and subtraction undoes addition
 * to the last bit; the floating-point rest runs in order of ids with {@link StrictMath}. The same log gives the same
 * bits on every machine. After {@link #refit()} the state depends on the votes that stand alone, not on how they came.
 *
 * <p>Not thread-safe: one thread at a time. A step costs O(votes of the candidate x classes).
 *
 * <p>Source: Neal and Hinton (1998), "A view of the EM algorithm that justifies incremental, sparse, and other variants";
 * Dawid and Skene (1979), Applied Statistics 28, 20.
 */
public final class LiveConsensus {
    /** One whole count: 2^32, so that a cell holds 2^31 votes. */
    private static final double ONE = 1L << 32;

    private static final int BRIGHTNESSES = Brightness.values().length;
    private static final long[] NO_VOLUNTEERS = {};

    private final ConsensusSettings settings;
    private final int classes;
    private final int modelBins;
    private final Map<Long, Item> items = new HashMap<>();
    private final Map<Long, Voter> voters = new HashMap<>();
    private final Pool registered;
    private final Pool guests;
    private final long[] classCounts;
    private final long[] modelCounts; // [truth * modelBins + bin]
    private final long[] modelRows;
    private VoteTemperature voteTemperature;
    private double modelTemperature = 1;
    private long standingVotes;
    private final double[] scratch;

    public LiveConsensus(ConsensusSettings settings) {
        this.settings = settings;
        this.voteTemperature = new VoteTemperature(1, settings.voteCorrelation());
        this.classes = settings.classes();
        this.modelBins = ModelBins.count(classes);
        this.registered = new Pool(classes);
        this.guests = new Pool(classes);
        this.classCounts = new long[classes];
        this.modelCounts = new long[classes * modelBins];
        this.modelRows = new long[classes];
        this.scratch = new double[classes];
    }

    /** Continues where {@link #snapshot()} was taken, to the same bits. */
    public static LiveConsensus restore(ConsensusSettings settings, ConsensusSnapshot snapshot) {
        LiveConsensus live = new LiveConsensus(settings);
        live.voteTemperature = snapshot.voteTemperature();
        live.modelTemperature = snapshot.modelTemperature();
        for (ConsensusSnapshot.CandidateState state : snapshot.candidates()) {
            Item item = new Item(state.candidate(), live.classes);
            item.brightness = state.brightness();
            item.votes = state.volunteers().length;
            item.voters = new Voter[Math.max(4, item.votes)];
            for (int i = 0; i < item.votes; i++) {
                item.voters[i] = live.voter(state.volunteers()[i]);
                item.voters[i].votes++;
                item.voters[i].guestVotes += state.guests()[i] ? 1 : 0;
                live.standingVotes++;
            }
            item.guests = Arrays.copyOf(state.guests(), item.voters.length);
            item.answers = Arrays.copyOf(state.answers(), item.voters.length);
            double[] model = state.model();
            if (model != null) {
                item.setModel(model.clone());
            }
            item.gold = state.gold();
            item.contribution = state.contribution().clone();
            item.terms = state.terms().clone();
            item.crowd = state.crowd().clone();
            item.combined = state.combined().clone();
            live.items.put(item.id, item);
            live.contribute(item, 1);
        }
        return live;
    }

    /** Everything, candidates in order of id. */
    public ConsensusSnapshot snapshot() {
        List<ConsensusSnapshot.CandidateState> states = new ArrayList<>(items.size());
        for (Item item : itemsById()) {
            states.add(stateOf(item));
        }
        return new ConsensusSnapshot(voteTemperature, modelTemperature, states);
    }

    /** The part of {@link #snapshot()} that belongs to one candidate, or empty when nothing is held of it. */
    public Optional<ConsensusSnapshot.CandidateState> state(long candidate) {
        return Optional.ofNullable(items.get(candidate)).map(this::stateOf);
    }

    private ConsensusSnapshot.CandidateState stateOf(Item item) {
        double[] model = item.model;
        return new ConsensusSnapshot.CandidateState(
                item.id,
                item.brightness,
                item.voterIds(),
                Arrays.copyOf(item.guests, item.votes),
                Arrays.copyOf(item.answers, item.votes),
                model == null ? null : model.clone(),
                item.gold,
                item.contribution.clone(),
                Arrays.copyOf(item.terms, (2 + item.votes) * classes),
                item.crowd.clone(),
                item.combined.clone());
    }

    /**
     * Counts a vote, in place of an earlier one of the same volunteer on the same candidate.
     *
     * @param model what the model says of the candidate, one probability per class; null leaves its evidence as it is
     */
    public ConsensusUpdate vote(Vote vote, double @Nullable [] model) {
        if (vote.answer() < 0 || vote.answer() >= classes) {
            throw new IllegalArgumentException("vote: got answer " + vote.answer() + ", need 0 <= answer < " + classes);
        }
        if (model != null) {
            ModelBins.check(model, classes);
        }
        Item item = item(vote.candidate());
        contribute(item, -1);
        if (item.votes == 0) {
            item.brightness = vote.brightness();
        }
        if (item.put(voter(vote.volunteer()), vote.guest(), vote.answer())) {
            standingVotes++;
        }
        if (model != null) {
            item.setModel(model.clone());
        }
        return settle(item);
    }

    /**
     * Takes a volunteer's vote back: the matrices are left as if that vote had never been cast.
     *
     * @throws IllegalArgumentException when no such vote stands
     */
    public ConsensusUpdate withdraw(long candidate, long volunteer) {
        Item item = items.get(candidate);
        int place = item == null ? -1 : item.place(volunteer);
        if (item == null || place < 0) {
            throw new IllegalArgumentException("withdraw: volunteer " + volunteer + " has no vote on candidate "
                    + candidate + ", need one that stands");
        }
        contribute(item, -1);
        Voter voter = item.voters[place];
        item.remove(place);
        standingVotes--;
        if (voter.votes == 0) {
            voters.remove(voter.id);
        }
        return settle(item);
    }

    /**
     * Makes the truth of a candidate known, or unknown again.
     *
     * @param truth the class, or -1 to forget it
     */
    public ConsensusUpdate gold(long candidate, int truth) {
        if (truth < -1 || truth >= classes) {
            throw new IllegalArgumentException("gold: got class " + truth + ", need -1 <= class < " + classes);
        }
        Item item = item(candidate);
        contribute(item, -1);
        item.gold = truth;
        return settle(item);
    }

    /** Sets what the model says of a candidate; null takes it away. */
    public ConsensusUpdate evidence(long candidate, double @Nullable [] model) {
        if (model != null) {
            ModelBins.check(model, classes);
        }
        Item item = item(candidate);
        contribute(item, -1);
        item.setModel(model == null ? null : model.clone());
        return settle(item);
    }

    /**
     * Fits everything anew from the votes that stand: sweeps over the candidates in order of id until no posterior moves
     * by more than 1e-3, then the temperatures of votes and model, then sweeps with those. The result depends on nothing
     * else.
     */
    public Refit refit() {
        Item[] all = itemsById();
        double[][] before = new double[2 * all.length][];
        for (int i = 0; i < all.length; i++) {
            before[2 * i] = all[i].crowd;
            before[2 * i + 1] = all[i].combined;
            contribute(all[i], -1);
        }
        voteTemperature = new VoteTemperature(1, settings.voteCorrelation());
        for (Item item : all) {
            startFromShares(item);
            contribute(item, 1);
        }
        int sweeps = sweep(all);
        Temperatures fitted = Temperatures.fit(hiddenGold(all), classes, settings.voteCorrelation());
        for (Item item : all) {
            contribute(item, -1);
        }
        voteTemperature = fitted.votes();
        modelTemperature = fitted.model();
        for (Item item : all) {
            contribute(item, 1);
        }
        int more = sweep(all);
        boolean converged = more < settings.maxSweeps();
        sweeps += more;
        long[] ids = new long[all.length];
        double[] moved = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            calibrate(all[i]);
            ids[i] = all[i].id;
            moved[i] = Math.max(distance(before[2 * i], all[i].crowd), distance(before[2 * i + 1], all[i].combined));
        }
        return new Refit(sweeps, converged, voteTemperature, modelTemperature, fitted.goldUsed(), ids, moved);
    }

    /** Sweeps until no contribution moves by more than 1e-3, and says how often. */
    private int sweep(Item[] all) {
        int sweeps = 0;
        boolean still = false;
        while (sweeps < settings.maxSweeps() && !still) {
            long largest = 0;
            for (Item item : all) {
                contribute(item, -1);
                largest = Math.max(largest, evaluate(item));
                contribute(item, 1);
            }
            sweeps++;
            still = largest <= (long) (1e-3 * ONE);
        }
        return sweeps;
    }

    private static double distance(double[] one, double[] other) {
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    /** What is held of a candidate, or empty when it has neither vote nor gold nor evidence. */
    public Optional<ConsensusUpdate> find(long candidate) {
        return Optional.ofNullable(items.get(candidate)).map(LiveConsensus::updateOf);
    }

    /** How many votes each class has among those that stand on a candidate. */
    public int[] answers(long candidate) {
        int[] count = new int[classes];
        Item item = items.get(candidate);
        if (item != null) {
            for (int i = 0; i < item.votes; i++) {
                count[item.answers[i]]++;
            }
        }
        return count;
    }

    /** Why a candidate's posterior is what it is, or empty when nothing is held of it. */
    public Optional<Explanation> explain(long candidate) {
        Item item = items.get(candidate);
        if (item == null) {
            return Optional.empty();
        }
        List<Explanation.VoteTerm> votes = new ArrayList<>(item.votes);
        for (int i = 0; i < item.votes; i++) {
            votes.add(new Explanation.VoteTerm(
                    item.voters[i].id,
                    item.answers[i],
                    Arrays.copyOfRange(item.terms, (2 + i) * classes, (3 + i) * classes)));
        }
        return Optional.of(new Explanation(
                candidate,
                Arrays.copyOf(item.terms, classes),
                votes,
                Arrays.copyOfRange(item.terms, classes, 2 * classes),
                voteTemperature.of(item.votes),
                modelTemperature,
                item.gold));
    }

    /**
     * What is known of a volunteer; one who has not voted gets the crowd's prior, as a registered one. Who has voted both
     * as a guest and, after signing up, by name, is registered.
     */
    public VolunteerReliability reliability(long volunteer) {
        Voter voter = voters.get(volunteer);
        return reliabilityOf(volunteer, voter, voter != null && voter.guestVotes == voter.votes);
    }

    /** What is believed of a volunteer who has never voted, from the pool of the guests or of the registered ones. */
    public VolunteerReliability crowdReliability(boolean guest) {
        return reliabilityOf(-1, null, guest);
    }

    private VolunteerReliability reliabilityOf(long volunteer, @Nullable Voter voter, boolean guest) {
        Pool pool = guest ? guests : registered;
        double[] counts = new double[classes * classes];
        double[] confusion = new double[classes * classes];
        for (int t = 0; t < classes; t++) {
            double row = voter == null ? 0 : voter.rows[t] / ONE;
            for (int a = 0; a < classes; a++) {
                int cell = t * classes + a;
                counts[cell] = voter == null ? 0 : voter.counts[cell] / ONE;
                double crowd = pool.overall(t, a, settings);
                confusion[cell] =
                        (counts[cell] + settings.volunteerStrength() * crowd) / (row + settings.volunteerStrength());
            }
        }
        return new VolunteerReliability(
                volunteer,
                guest,
                voter == null ? 0 : voter.votes,
                voter == null ? 0 : voter.goldSeen,
                voter == null ? 0 : voter.goldAgreed,
                classes,
                counts,
                confusion,
                settings.volunteerStrength());
    }

    public ConsensusSettings settings() {
        return settings;
    }

    /** By what the log-likelihood of votes is divided. */
    public VoteTemperature voteTemperature() {
        return voteTemperature;
    }

    public double modelTemperature() {
        return modelTemperature;
    }

    /** How many votes stand. */
    public long votes() {
        return standingVotes;
    }

    /** Ids of all candidates held, ascending. */
    public long[] candidates() {
        return items.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** Ids of all volunteers with a standing vote, ascending. */
    public long[] volunteers() {
        return voters.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** P(class) of the population as learned so far. */
    public double[] classPrior() {
        double[] prior = new double[classes];
        double total = 0;
        for (int t = 0; t < classes; t++) {
            prior[t] = classCounts[t] / ONE
                    + settings.classStrength() * settings.classPrior().get(t);
            total += prior[t];
        }
        for (int t = 0; t < classes; t++) {
            prior[t] /= total;
        }
        return prior;
    }

    /** Evaluates, contributes anew, forgets the candidate when nothing is left of it, and says what changed. */
    private ConsensusUpdate settle(Item item) {
        evaluate(item);
        calibrate(item);
        contribute(item, 1);
        if (item.votes == 0 && item.gold < 0 && item.model == null) {
            items.remove(item.id);
        }
        return updateOf(item);
    }

    private static ConsensusUpdate updateOf(Item item) {
        return new ConsensusUpdate(
                item.id,
                item.votes,
                item.crowd.clone(),
                item.combined.clone(),
                item.gold,
                item.votes == 0 ? NO_VOLUNTEERS : item.voterIds());
    }

    /** Adds ({@code sign} 1) or takes out (-1) what the candidate puts into classes, volunteers, pools and model. */
    private void contribute(Item item, int sign) {
        if (item.votes == 0 && item.gold < 0) {
            return;
        }
        boolean informs = item.votes >= 2 || item.known();
        int brightness = item.brightness.ordinal();
        // Candidates that fool people get the most votes. Counted in full, they would be what the crowd is judged by:
        // n correlated votes count for what they are worth.
        double worth = voteTemperature.worth(item.votes);
        if (item.known()) {
            for (int i = 0; i < item.votes; i++) {
                item.voters[i].goldSeen += sign;
                item.voters[i].goldAgreed += item.answers[i] == item.gold ? sign : 0;
            }
        }
        for (int t = 0; t < classes; t++) {
            long amount = sign * item.contribution[t];
            if (item.gold < 0) {
                // Gold standards are chosen, not drawn: they say nothing of how common a class is.
                classCounts[t] += amount;
            }
            if (item.modelBin >= 0) {
                modelCounts[t * modelBins + item.modelBin] += amount;
                modelRows[t] += amount;
            }
            if (!informs) {
                continue;
            }
            long worthwhile = sign * (long) Math.rint(item.contribution[t] * worth);
            for (int i = 0; i < item.votes; i++) {
                int cell = t * classes + item.answers[i];
                item.voters[i].add(brightness, t, cell, worthwhile);
                (item.guests[i] ? guests : registered).add(brightness, t, cell, worthwhile);
            }
        }
    }

    /** The E-step: fills terms and contribution; returns the largest change of a contribution. */
    private long evaluate(Item item) {
        double[] terms = item.terms((2 + item.votes) * classes);
        double total = settings.classStrength();
        for (int t = 0; t < classes; t++) {
            total += classCounts[t] / ONE;
        }
        for (int t = 0; t < classes; t++) {
            double prior = (classCounts[t] / ONE
                            + settings.classStrength() * settings.classPrior().get(t))
                    / total;
            terms[t] = StrictMath.log(prior);
            terms[classes + t] = item.modelBin < 0 ? 0 : modelTerm(t, item.modelBin);
        }
        int brightness = item.brightness.ordinal();
        for (int i = 0; i < item.votes; i++) {
            Pool pool = item.guests[i] ? guests : registered;
            boolean personal = !item.guests[i] || settings.personalGuests();
            for (int t = 0; t < classes; t++) {
                double crowd = pool.at(brightness, t, item.answers[i], settings);
                double p = personal ? item.voters[i].at(brightness, t, item.answers[i], crowd, settings) : crowd;
                terms[(2 + i) * classes + t] = StrictMath.log(p);
            }
        }
        return contributionOf(item);
    }

    private long contributionOf(Item item) {
        if (item.known()) {
            for (int t = 0; t < classes; t++) {
                scratch[t] = t == item.gold ? 1 : 0;
            }
        } else {
            sumVotes(item);
            for (int t = 0; t < classes; t++) {
                scratch[t] = item.terms[t] + scratch[t];
            }
            Softmax.inPlace(scratch);
        }
        long moved = 0;
        for (int t = 0; t < classes; t++) {
            long amount = (long) Math.rint(scratch[t] * ONE);
            moved = Math.max(moved, Math.abs(amount - item.contribution[t]));
            item.contribution[t] = amount;
        }
        return moved;
    }

    private double modelTerm(int truth, int bin) {
        double prior = ModelBins.prior(truth, bin, classes, settings.modelTrust());
        return StrictMath.log((modelCounts[truth * modelBins + bin] / ONE + settings.modelStrength() * prior)
                / (modelRows[truth] / ONE + settings.modelStrength()));
    }

    /** The posteriors that are shown, from the terms and the temperatures: operation for operation as {@link Explanation}. */
    private void calibrate(Item item) {
        double[] crowd = new double[classes];
        double[] combined = new double[classes];
        if (item.gold >= 0) {
            crowd[item.gold] = 1;
            combined[item.gold] = 1;
        } else {
            sumVotes(item);
            double votes = voteTemperature.of(item.votes);
            for (int t = 0; t < classes; t++) {
                crowd[t] = item.terms[t] + scratch[t] / votes;
                combined[t] = item.terms[t] + scratch[t] / votes + item.terms[classes + t] / modelTemperature;
            }
            Softmax.inPlace(crowd);
            Softmax.inPlace(combined);
        }
        item.crowd = crowd;
        item.combined = combined;
    }

    private void sumVotes(Item item) {
        Arrays.fill(scratch, 0);
        for (int i = 0; i < item.votes; i++) {
            for (int t = 0; t < classes; t++) {
                scratch[t] += item.terms[(2 + i) * classes + t];
            }
        }
    }

    /** Where a refit starts: the share of each answer, smoothed by one vote spread over all classes; gold where known. */
    private void startFromShares(Item item) {
        Arrays.fill(scratch, 1.0 / classes);
        for (int i = 0; i < item.votes; i++) {
            scratch[item.answers[i]] += 1;
        }
        for (int t = 0; t < classes; t++) {
            double p = item.known() ? (t == item.gold ? 1 : 0) : scratch[t] / (item.votes + 1.0);
            item.contribution[t] = (long) Math.rint(p * ONE);
        }
    }

    /**
     * What the votes say of each gold standard where nobody knew its class: the classes of one half are hidden, the rest
     * is fitted on, and then the other half's. All matrices are afterwards what they were.
     */
    private List<Temperatures.Case> hiddenGold(Item[] all) {
        List<Item> gold = new ArrayList<>();
        long[][] contributions = new long[all.length][];
        for (int i = 0; i < all.length; i++) {
            contributions[i] = all[i].contribution.clone();
            if (all[i].gold >= 0 && all[i].votes > 0) {
                gold.add(all[i]);
            }
        }
        if (gold.size() < Temperatures.MIN_GOLD) {
            return List.of();
        }
        Temperatures.Case[] cases = new Temperatures.Case[gold.size()];
        for (int half = 0; half < 2; half++) {
            for (int g = half; g < cases.length; g += 2) {
                Item item = gold.get(g);
                contribute(item, -1);
                item.hidden = true;
                startFromShares(item);
                contribute(item, 1);
            }
            sweep(all);
            for (int g = half; g < cases.length; g += 2) {
                Item item = gold.get(g);
                double[] terms = Arrays.copyOf(item.terms, (2 + item.votes) * classes);
                cases[g] = new Temperatures.Case(terms, item.votes, item.modelBin >= 0, item.gold);
            }
            for (int i = 0; i < all.length; i++) {
                contribute(all[i], -1);
                all[i].hidden = false;
                System.arraycopy(contributions[i], 0, all[i].contribution, 0, classes);
                contribute(all[i], 1);
            }
        }
        return List.of(cases);
    }

    private Item[] itemsById() {
        Item[] all = items.values().toArray(new Item[0]);
        Arrays.sort(all, (a, b) -> Long.compare(a.id, b.id));
        return all;
    }

    private Item item(long id) {
        return items.computeIfAbsent(id, key -> new Item(key, classes));
    }

    private Voter voter(long id) {
        return voters.computeIfAbsent(id, key -> new Voter(key, classes));
    }

    /** A candidate. Votes are kept in order of volunteer id, so that their order of arrival changes no sum. */
    private static final class Item {
        final long id;
        Brightness brightness = Brightness.UNKNOWN;
        int votes;
        Voter[] voters = new Voter[4];
        boolean[] guests = new boolean[4];
        int[] answers = new int[4];
        double @Nullable [] model;
        int modelBin = -1;
        int gold = -1;
        /** Its class is known, and must not be used. */
        boolean hidden;

        long[] contribution;
        double[] terms;
        double[] crowd;
        double[] combined;

        Item(long id, int classes) {
            this.id = id;
            this.contribution = new long[classes];
            this.terms = new double[6 * classes];
            this.crowd = new double[classes];
            this.combined = new double[classes];
        }

        boolean known() {
            return gold >= 0 && !hidden;
        }

        void setModel(double @Nullable [] probabilities) {
            model = probabilities;
            modelBin = probabilities == null ? -1 : ModelBins.of(probabilities);
        }

        double[] terms(int length) {
            if (terms.length < length) {
                terms = new double[Math.max(length, 2 * terms.length)];
            }
            return terms;
        }

        /** The place of a volunteer's vote, or -1. */
        int place(long volunteer) {
            for (int i = 0; i < votes; i++) {
                if (voters[i].id == volunteer) {
                    return i;
                }
            }
            return -1;
        }

        /** Returns whether the vote is new and not a change of mind. */
        boolean put(Voter voter, boolean guest, int answer) {
            int at = place(voter.id);
            boolean added = at < 0;
            if (added) {
                if (votes == voters.length) {
                    voters = Arrays.copyOf(voters, 2 * votes);
                    guests = Arrays.copyOf(guests, 2 * votes);
                    answers = Arrays.copyOf(answers, 2 * votes);
                }
                at = votes++;
                while (at > 0 && voters[at - 1].id > voter.id) {
                    voters[at] = voters[at - 1];
                    guests[at] = guests[at - 1];
                    answers[at] = answers[at - 1];
                    at--;
                }
                voters[at] = voter;
                voter.votes++;
            } else {
                voter.guestVotes -= guests[at] ? 1 : 0;
            }
            voter.guestVotes += guest ? 1 : 0;
            guests[at] = guest;
            answers[at] = answer;
            return added;
        }

        void remove(int place) {
            voters[place].votes--;
            voters[place].guestVotes -= guests[place] ? 1 : 0;
            votes--;
            for (int i = place; i < votes; i++) {
                voters[i] = voters[i + 1];
                guests[i] = guests[i + 1];
                answers[i] = answers[i + 1];
            }
        }

        long[] voterIds() {
            long[] ids = new long[votes];
            for (int i = 0; i < votes; i++) {
                ids[i] = voters[i].id;
            }
            return ids;
        }
    }

    /** Soft counts in fixed point: overall first, then one slab per brightness. */
    private static class Counts {
        final int classes;
        final long[] counts; // [slab * classes * classes + truth * classes + answer]
        final long[] rows; // [slab * classes + truth]

        Counts(int classes) {
            this.classes = classes;
            this.counts = new long[(1 + BRIGHTNESSES) * classes * classes];
            this.rows = new long[(1 + BRIGHTNESSES) * classes];
        }

        void add(int brightness, int truth, int cell, long amount) {
            counts[cell] += amount;
            rows[truth] += amount;
            counts[(1 + brightness) * classes * classes + cell] += amount;
            rows[(1 + brightness) * classes + truth] += amount;
        }
    }

    private static final class Voter extends Counts {
        final long id;
        int votes;
        int guestVotes;
        int goldSeen;
        int goldAgreed;

        Voter(long id, int classes) {
            super(classes);
            this.id = id;
        }

        /** P(answer | truth) at a brightness: own votes there, others at a discount, and the crowd's as prior. */
        double at(int brightness, int truth, int answer, double crowd, ConsensusSettings settings) {
            int cell = truth * classes + answer;
            long here = counts[(1 + brightness) * classes * classes + cell];
            long rowHere = rows[(1 + brightness) * classes + truth];
            double count = (here + settings.borrow() * (counts[cell] - here)) / ONE;
            double row = (rowHere + settings.borrow() * (rows[truth] - rowHere)) / ONE;
            return (count + settings.volunteerStrength() * crowd) / (row + settings.volunteerStrength());
        }
    }

    private static final class Pool extends Counts {
        Pool(int classes) {
            super(classes);
        }

        double overall(int truth, int answer, ConsensusSettings settings) {
            double expected = truth == answer ? settings.diagonal() : (1 - settings.diagonal()) / (classes - 1);
            return (counts[truth * classes + answer] / ONE + settings.crowdStrength() * expected)
                    / (rows[truth] / ONE + settings.crowdStrength());
        }

        double at(int brightness, int truth, int answer, ConsensusSettings settings) {
            int cell = (1 + brightness) * classes * classes + truth * classes + answer;
            return (counts[cell] / ONE + settings.brightnessStrength() * overall(truth, answer, settings))
                    / (rows[(1 + brightness) * classes + truth] / ONE + settings.brightnessStrength());
        }
    }
}
