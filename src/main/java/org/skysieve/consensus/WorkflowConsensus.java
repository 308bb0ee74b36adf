package org.skysieve.consensus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.ClassificationRecorded;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.consensus.ConsensusSettings;
import org.skysieve.engine.consensus.ConsensusSnapshot;
import org.skysieve.engine.consensus.ConsensusSnapshot.CandidateState;
import org.skysieve.engine.consensus.ConsensusUpdate;
import org.skysieve.engine.consensus.LiveConsensus;
import org.skysieve.engine.consensus.RecentPosteriors;
import org.skysieve.engine.consensus.Refit;
import org.skysieve.engine.consensus.RetirementRule;
import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.Outcome;
import org.skysieve.engine.consensus.Vote;

/**
 * The consensus of one workflow as a state machine over the entries of its log: posteriors, reliabilities and who is
 * retired. It knows no database and no clock, so the live consumer and the audit that rebuilds from the log are the same
 * code: the same entries give the same bits.
 *
 * <pre>
 *   OPEN --the workflow's rule is met--> RETIRED      a vote, edit, undo or refit
 *   OPEN --maxVotes, nothing leads-----> AMBIGUOUS
 *   RETIRED, AMBIGUOUS --vote, edit or undo of that candidate no longer satisfies the rule--> OPEN
 *   RETIRED --a refit gives another label, or makes it fall below ambiguousBelow--> OPEN
 *   any --gold standard--> RETIRED      its truth is known
 * </pre>
 *
 * <p>What decides is the posterior with the model as one more annotator; for the frozen evaluation sample it is the
 * votes alone, for no model may help to choose the labels by which models are judged. The model's word counts while a
 * candidate has never been retired: later models may have learned its label.
 *
 * <p>Whoever has been shown the truth of a gold standard gives no evidence by what they answer about it from then on: such
 * an entry leaves everything as it was, also where it edits or withdraws an answer that counts.
 *
 * <p>Not thread-safe.
 */
final class WorkflowConsensus {
    /** Posteriors that a refit moves by less are stored, but neither told nor traced. */
    private static final double WORTH_TELLING = 0.005;

    /** The {@code candidate_id} of the step that says that everything was refitted. */
    static final long EVERYTHING = 0;

    private final LiveConsensus live;
    private final IntFunction<RetirementRule> ruleOfVersion;
    private final Map<Long, Standing> standings = new HashMap<>();
    private long position;
    private int sinceRefit;
    private int rulesVersion;
    private Changes changes = new Changes();

    /** Before the first entry. */
    WorkflowConsensus(int classes, IntFunction<RetirementRule> ruleOfVersion) {
        this(new LiveConsensus(ConsensusSettings.defaults(classes)), ruleOfVersion, 0, StateCodec.Progress.NONE);
    }

    private WorkflowConsensus(
            LiveConsensus live,
            IntFunction<RetirementRule> ruleOfVersion,
            long position,
            StateCodec.Progress progress) {
        this.live = live;
        this.ruleOfVersion = ruleOfVersion;
        this.position = position;
        this.sinceRefit = progress.sinceRefit();
        this.rulesVersion = progress.rulesVersion();
    }

    /** Where a stored one stopped. */
    static WorkflowConsensus restore(
            int classes,
            IntFunction<RetirementRule> ruleOfVersion,
            long position,
            StateCodec.Progress progress,
            Map<Long, Standing> standings,
            List<CandidateState> states) {
        LiveConsensus live = LiveConsensus.restore(
                ConsensusSettings.defaults(classes),
                new ConsensusSnapshot(progress.voteTemperature(), progress.modelTemperature(), states));
        WorkflowConsensus restored = new WorkflowConsensus(live, ruleOfVersion, position, progress);
        restored.standings.putAll(standings);
        return restored;
    }

    /**
     * What is decided of a candidate.
     *
     * @param outcome {@code open}, {@code retired} or {@code ambiguous}
     * @param answer the label, or what it would be by now
     * @param reason why it is not open: the rule and its numbers; null while it is
     * @param retiredAt when it stopped being open; null while it is
     * @param everRetired whether it has been other than open at any time
     * @param evaluation whether it belongs to the frozen evaluation sample
     * @param recent what the rule looks back at; nothing while it does not
     */
    record Standing(
            String outcome,
            int answer,
            @Nullable String reason,
            @Nullable Instant retiredAt,
            boolean everRetired,
            boolean evaluation,
            RecentPosteriors recent,
            int votes,
            double[] crowd,
            double[] combined,
            Instant updatedAt) {
        boolean isOpen() {
            return outcome.equals("open");
        }
    }

    /** One row of the trace. */
    record Step(
            long position,
            @Nullable Long classificationId,
            long candidateId,
            String kind,
            double[] crowd,
            double[] combined,
            String note,
            Instant at) {}

    /** What entries have changed since {@link #takeChanges()}. */
    static final class Changes {
        final List<Step> steps = new ArrayList<>();
        /** Every candidate whose row must be written, with its standing before. */
        final Map<Long, Optional<Standing>> touched = new LinkedHashMap<>();
        /** Candidates that others should hear of. */
        final TreeSet<Long> told = new TreeSet<>();

        final TreeSet<Long> volunteers = new TreeSet<>();
    }

    long position() {
        return position;
    }

    StateCodec.Progress progress() {
        return new StateCodec.Progress(live.voteTemperature(), live.modelTemperature(), sinceRefit, rulesVersion);
    }

    LiveConsensus live() {
        return live;
    }

    Map<Long, Standing> standings() {
        return standings;
    }

    Standing standing(long candidate) {
        Standing standing = standings.get(candidate);
        if (standing == null) {
            throw new IllegalArgumentException("candidate " + candidate + " has no consensus yet");
        }
        return standing;
    }

    boolean knows(long candidate) {
        return standings.containsKey(candidate);
    }

    /** Hands over what has changed and starts anew. */
    Changes takeChanges() {
        Changes taken = changes;
        changes = new Changes();
        return taken;
    }

    /** Whether a refit should be the next entry. */
    boolean refitDue(int refitEvery) {
        return sinceRefit >= Math.max(refitEvery, live.votes() / 10);
    }

    /**
     * Applies a vote, an edit or an undo.
     *
     * @param evaluation whether the candidate belongs to the frozen evaluation sample
     */
    void apply(ClassificationRecorded entry, boolean evaluation) {
        position++;
        sinceRefit++;
        rulesVersion = Math.max(rulesVersion, entry.workflowVersion());
        if (entry.informed()) {
            skipped(entry, "not counted: the truth of this gold standard had been shown before");
            return;
        }
        long candidate = entry.candidateId();
        Integer answer = entry.answer();
        ConsensusUpdate update;
        String kind;
        if (answer == null) {
            if (!votedOn(candidate, entry.volunteerId())) {
                // The log's rules forbid it; skipping is the same at every replay, and stopping would help nobody.
                skipped(entry, "skipped: no vote of this volunteer stands");
                return;
            }
            kind = "undo";
            update = live.withdraw(candidate, entry.volunteerId());
            changes.volunteers.add(entry.volunteerId());
        } else {
            kind = entry.supersedes() == null ? "vote" : "edit";
            Vote vote = new Vote(candidate, entry.volunteerId(), answer, entry.guest(), Brightness.ofSnr(entry.snr()));
            update = live.vote(vote, evidenceOf(entry));
        }
        Standing before = touch(candidate);
        double[] posterior = deciding(update, evaluation);
        RecentPosteriors recent = kind.equals("vote")
                ? recent(before).voted(posterior, rule().memory())
                : recent(before).changed(posterior, rule().memory());
        Standing after =
                standing(update, before, recent, evaluation, decide(update, recent, evaluation), entry.createdAt());
        settle(candidate, entry.id(), kind, before, after, update);
    }

    /** Makes the truth of a candidate known. */
    void gold(long candidate, int answer, boolean evaluation, Instant at) {
        position++;
        sinceRefit++;
        Standing before = touch(candidate);
        ConsensusUpdate update = live.gold(candidate, answer);
        RecentPosteriors recent = recent(before).changed(deciding(update, evaluation), rule().memory());
        Standing after = standing(update, before, recent, evaluation, decide(update, recent, evaluation), at);
        settle(candidate, null, "gold", before, after, update);
    }

    /** Fits everything anew; open candidates may retire, and labels that no longer hold re-open. */
    Refit refit(Instant at) {
        position++;
        sinceRefit = 0;
        Refit refit = live.refit();
        changes.steps.add(new Step(
                position,
                null,
                EVERYTHING,
                "refit",
                new double[0],
                new double[0],
                "refitted from " + live.votes() + " votes in " + refit.sweeps() + " sweeps; correlation of votes "
                        + rounded(refit.voteTemperature().correlation()) + ", temperature of a lone vote "
                        + rounded(refit.voteTemperature().lone()) + ", of the model temperature "
                        + rounded(refit.modelTemperature()) + ", "
                        + (refit.goldUsed() > 0 ? "from " + refit.goldUsed() + " gold standards" : "as expected"),
                at));
        for (int i = 0; i < refit.candidates().length; i++) {
            long candidate = refit.candidates()[i];
            Standing before = touch(candidate);
            if (before == null) {
                throw new IllegalStateException("refit: candidate " + candidate + " is held but has no standing");
            }
            ConsensusUpdate update = live.find(candidate).orElseThrow();
            Standing after = afterRefit(update, before, at);
            standings.put(candidate, after);
            if (refit.moved()[i] >= WORTH_TELLING || !after.outcome.equals(before.outcome)) {
                changes.told.add(candidate);
                changes.steps.add(new Step(
                        position, null, candidate, "refit", after.crowd, after.combined, note(before, after), at));
            }
        }
        for (long volunteer : live.volunteers()) {
            changes.volunteers.add(volunteer);
        }
        return refit;
    }

    private boolean votedOn(long candidate, long volunteer) {
        return live.state(candidate).stream()
                .flatMapToLong(state -> java.util.Arrays.stream(state.volunteers()))
                .anyMatch(id -> id == volunteer);
    }

    private void skipped(ClassificationRecorded entry, String why) {
        changes.steps.add(new Step(
                position,
                entry.id(),
                entry.candidateId(),
                entry.answer() == null ? "undo" : entry.supersedes() == null ? "vote" : "edit",
                new double[0],
                new double[0],
                why,
                entry.createdAt()));
    }

    private double @Nullable [] evidenceOf(ClassificationRecorded entry) {
        Standing standing = standings.get(entry.candidateId());
        return standing != null && standing.everRetired
                ? null
                : probabilities(entry.modelProbabilities(), live.settings().classes());
    }

    /** What a model said when a candidate was served; null where it is no distribution over the classes. */
    static double @Nullable [] probabilities(float @Nullable [] said, int classes) {
        if (said == null || said.length != classes) {
            return null;
        }
        double[] probabilities = new double[said.length];
        double sum = 0;
        for (int k = 0; k < said.length; k++) {
            probabilities[k] = said[k];
            if (!(said[k] >= 0 && said[k] <= 1)) {
                return null;
            }
            sum += said[k];
        }
        return Math.abs(sum - 1) > 1e-3 ? null : probabilities;
    }

    private @Nullable Standing touch(long candidate) {
        Standing before = standings.get(candidate);
        changes.touched.putIfAbsent(candidate, Optional.ofNullable(before));
        return before;
    }

    private static RecentPosteriors recent(@Nullable Standing before) {
        return before == null ? RecentPosteriors.NONE : before.recent;
    }

    private static double[] deciding(ConsensusUpdate update, boolean evaluation) {
        return evaluation ? update.crowd() : update.combined();
    }

    /** What the rule, or a gold standard, decides. */
    private Outcome decide(ConsensusUpdate update, RecentPosteriors recent, boolean evaluation) {
        if (update.gold() >= 0) {
            return new Outcome(Decision.RETIRED, update.gold(), "gold standard: the truth is known");
        }
        Outcome outcome =
                rule().decide(recent.earlier(), deciding(update, evaluation), live.answers(update.candidate()));
        return evaluation
                ? new Outcome(
                        outcome.decision(), outcome.answer(), outcome.reason() + " (votes alone: evaluation sample)")
                : outcome;
    }

    private Standing afterRefit(ConsensusUpdate update, Standing before, Instant at) {
        double[] posterior = deciding(update, before.evaluation);
        RecentPosteriors recent = before.recent.refitted(posterior, rule().memory());
        Outcome anew = decide(update, recent, before.evaluation);
        boolean ambiguous = before.outcome.equals(name(Decision.AMBIGUOUS));
        boolean holds = ambiguous || !before.isOpen() && rule().holds(before.answer, anew, posterior);
        Decision decision =
                !holds || update.gold() >= 0 ? anew.decision() : ambiguous ? Decision.AMBIGUOUS : Decision.RETIRED;
        Outcome after = new Outcome(decision, anew.answer(), anew.reason());
        return standing(update, before, recent, before.evaluation, after, at);
    }

    private static String name(Decision decision) {
        return decision.name().toLowerCase(Locale.ROOT);
    }

    private static Standing standing(
            ConsensusUpdate update,
            @Nullable Standing before,
            RecentPosteriors recent,
            boolean evaluation,
            Outcome outcome,
            Instant at) {
        boolean open = outcome.decision() == Decision.OPEN;
        String name = name(outcome.decision());
        String why = open ? null : outcome.reason();
        Instant since = open ? null : at;
        if (!open && before != null && before.outcome.equals(name)) {
            since = before.retiredAt;
            why = update.gold() < 0 && before.answer == outcome.answer() ? before.reason : outcome.reason();
        }
        return new Standing(
                name,
                outcome.answer(),
                why,
                since,
                !open || before != null && before.everRetired,
                evaluation,
                recent,
                update.votes(),
                update.crowd(),
                update.combined(),
                at);
    }

    private void settle(
            long candidate,
            @Nullable Long classificationId,
            String kind,
            @Nullable Standing before,
            Standing after,
            ConsensusUpdate update) {
        standings.put(candidate, after);
        changes.touched.putIfAbsent(candidate, Optional.ofNullable(before));
        changes.told.add(candidate);
        for (long volunteer : update.volunteers()) {
            changes.volunteers.add(volunteer);
        }
        changes.steps.add(new Step(
                position,
                classificationId,
                candidate,
                kind,
                after.crowd,
                after.combined,
                note(before, after),
                after.updatedAt));
    }

    private static String note(@Nullable Standing before, Standing after) {
        String was = before == null ? "open" : before.outcome;
        if (was.equals(after.outcome)) {
            return "";
        }
        return after.isOpen() ? "re-opened" : after.outcome + ": " + after.reason;
    }

    private RetirementRule rule() {
        return ruleOfVersion.apply(rulesVersion);
    }

    private static double rounded(double value) {
        return Math.rint(value * 100) / 100;
    }
}
