package org.skysieve.consensus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.ClassificationRecorded;
import org.skysieve.classification.LogPosition;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.consensus.ConsensusSettings;
import org.skysieve.engine.consensus.Rehearsal;
import org.skysieve.engine.consensus.RetirementRule;
import org.skysieve.engine.consensus.RetirementRule.ExpectedLoss;
import org.skysieve.engine.consensus.RetirementRule.PosteriorThreshold;
import org.skysieve.engine.consensus.RetirementRule.Stability;
import org.skysieve.engine.consensus.RetirementRule.TwoAgreeElseSeven;
import org.skysieve.engine.consensus.RetirementRule.VoteLimits;
import org.skysieve.platform.Problem;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What a workflow's votes would have come to under other rules, before anybody saves them. Changes nothing. */
@ApplicationScoped
public class Rehearsals {
    private static final int PAGE = 2_000;
    /** A million entries take some ten seconds and half a gigabyte a rule. */
    private static final int MOST_ENTRIES = 1_000_000;

    private final ConsensusConfig config;
    private final ConsensusStore store;
    private final ConsensusLabels labels;
    private final ClassificationLog log;
    private final GoldStandards goldStandards;
    private final Workflows workflows;
    private final Semaphore one = new Semaphore(1);

    Rehearsals(
            ConsensusConfig config,
            ConsensusStore store,
            ConsensusLabels labels,
            ClassificationLog log,
            GoldStandards goldStandards,
            Workflows workflows) {
        this.config = config;
        this.store = store;
        this.labels = labels;
        this.log = log;
        this.goldStandards = goldStandards;
        this.workflows = workflows;
    }

    /**
     * The rule to rehearse; what is left out is as the workflow has it now.
     *
     * @param rule {@code posterior} (default), {@code expectedLoss}, {@code stability} or {@code twoAgreeElseSeven}
     * @param missCost expectedLoss: what it costs to label a positive candidate as something else; 1 if left out
     * @param falseAlarmCost expectedLoss: what it costs to label something else as positive; 1 if left out
     * @param atMost expectedLoss: the loss at which a candidate retires; 0.02 if left out
     * @param stableVotes stability: over so many votes; 3 if left out
     * @param within stability: by so much the posterior may move; 0.02 if left out
     */
    public record Request(
            @Nullable String rule,
            @Nullable Double retireAt,
            @Nullable Double retirePositiveAt,
            @Nullable Integer minVotes,
            @Nullable Integer maxVotes,
            @Nullable Double ambiguousBelow,
            @Nullable Double missCost,
            @Nullable Double falseAlarmCost,
            @Nullable Double atMost,
            @Nullable Integer stableVotes,
            @Nullable Double within) {}

    /**
     * @param entries of the log that were replayed
     * @param complete whether that is the whole log; if not, it is its beginning
     * @param note what the figures cannot tell
     */
    public record Comparison(long entries, boolean complete, Plan current, Plan proposed, String note) {}

    /**
     * What one rule makes of the votes.
     *
     * @param cast votes of the past, a person once on a candidate
     * @param used votes that the rule would have asked for
     * @param saved the others
     * @param votesPerCandidate null without candidates
     * @param retired candidates with a label
     * @param ambiguous candidates given up
     * @param open candidates for which the votes of the past do not suffice
     * @param againstGold gold standards, whose truth the replay was not told
     * @param againstConsensus the labels that the workflow has now; they are made of the same votes and flatter
     */
    public record Plan(
            String rule,
            long cast,
            long used,
            long saved,
            @Nullable Double votesPerCandidate,
            long retired,
            long ambiguous,
            long open,
            Judged againstGold,
            Judged againstConsensus) {}

    /** @param candidates with votes whose truth is held known; purity and completeness are of the first answer */
    public record Judged(long candidates, Share accuracy, Share purity, Share completeness) {}

    /** A share with its 95 % interval; null where {@code of} is 0. */
    public record Share(
            long count,
            long of,
            @Nullable Double value,
            @Nullable Double low,
            @Nullable Double high) {}

    /** @throws Problem 400 for a rule that cannot be, 503 while another rehearsal runs */
    public Comparison rehearse(long workflowId, Request request) {
        WorkflowView workflow = workflows.byId(workflowId);
        RetirementRule current = WorkflowConsensus.rule(workflow.rules(), workflow.classes());
        RetirementRule proposed;
        try {
            proposed = ruleOf(workflow, request);
        } catch (IllegalArgumentException invalid) {
            throw Problem.badRequest("" + invalid.getMessage());
        }
        if (!one.tryAcquire()) {
            throw Problem.of(503, "another rehearsal runs; try again in some seconds");
        }
        try {
            return replay(workflow, current, proposed);
        } finally {
            one.release();
        }
    }

    private Comparison replay(WorkflowView workflow, RetirementRule current, RetirementRule proposed) {
        ConsensusSettings settings = ConsensusSettings.defaults(workflow.classes());
        Rehearsal now = new Rehearsal(settings, current, config.refitEvery());
        Rehearsal then = new Rehearsal(settings, proposed, config.refitEvery());
        LogPosition at = LogPosition.START;
        long entries = 0;
        boolean more = true;
        while (more && entries < MOST_ENTRIES) {
            List<ClassificationRecorded> page = log.after(workflow.id(), at, PAGE);
            Set<Long> candidates = new HashSet<>();
            page.forEach(entry -> candidates.add(entry.candidateId()));
            Map<Long, Boolean> evaluation = store.evaluation(candidates);
            for (ClassificationRecorded entry : page) {
                Rehearsal.Entry replayed =
                        entry(entry, evaluation.getOrDefault(entry.candidateId(), false), workflow.classes());
                now.apply(replayed);
                then.apply(replayed);
                at = entry.position();
            }
            entries += page.size();
            more = page.size() == PAGE;
        }
        Map<Long, Integer> gold = goldStandards.all(workflow.id());
        Map<Long, Integer> consensus = new HashMap<>();
        labels.forEach(workflow.id(), view -> {
            if (view.outcome().equals("retired")) {
                consensus.put(view.candidateId(), view.answer());
            }
        });
        return new Comparison(
                entries,
                !more,
                plan("as now", now, gold, consensus),
                plan(proposed.toString(), then, gold, consensus),
                "Gold standards are judged by votes alone. A rule that wants more votes than were cast leaves candidates"
                        + " open that it might have settled.");
    }

    private static Rehearsal.Entry entry(ClassificationRecorded entry, boolean evaluation, int classes) {
        Integer answer = entry.answer();
        return new Rehearsal.Entry(
                entry.candidateId(),
                entry.volunteerId(),
                answer == null ? Rehearsal.WITHDRAWN : answer,
                entry.guest(),
                Brightness.ofSnr(entry.snr()),
                WorkflowConsensus.probabilities(entry.modelProbabilities(), classes),
                evaluation);
    }

    private static Plan plan(String rule, Rehearsal rehearsal, Map<Long, Integer> gold, Map<Long, Integer> consensus) {
        Rehearsal.Report report = rehearsal.report();
        return new Plan(
                rule,
                report.cast(),
                report.used(),
                report.saved(),
                orNull(report.votesPerCandidate()),
                report.retired(),
                report.ambiguous(),
                report.open(),
                judged(rehearsal.judge(gold, 0)),
                judged(rehearsal.judge(consensus, 0)));
    }

    private static Judged judged(Rehearsal.Judgement judgement) {
        return new Judged(
                judgement.candidates(),
                share(judgement.accuracy()),
                share(judgement.purity()),
                share(judgement.completeness()));
    }

    private static Share share(Rehearsal.Share share) {
        return new Share(share.count(), share.of(), orNull(share.value()), orNull(share.low()), orNull(share.high()));
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static RetirementRule ruleOf(WorkflowView workflow, Request request) {
        Rules rules = workflow.rules();
        int minVotes = or(request.minVotes(), rules.minVotes());
        int maxVotes = or(request.maxVotes(), rules.maxVotes());
        double ambiguousBelow = or(request.ambiguousBelow(), rules.ambiguousBelow());
        switch (request.rule() == null ? "posterior" : request.rule()) {
            case "posterior":
                double retireAt = or(request.retireAt(), rules.retireAt());
                double positive = or(
                        request.retirePositiveAt(), request.retireAt() == null ? rules.retirePositiveAt() : retireAt);
                List<Double> thresholds = new ArrayList<>(Collections.nCopies(workflow.classes(), retireAt));
                thresholds.set(0, positive);
                return new PosteriorThreshold(retireAt, thresholds, minVotes, maxVotes, ambiguousBelow);
            case "expectedLoss":
                List<List<Double>> loss =
                        loss(workflow.classes(), or(request.missCost(), 1.0), or(request.falseAlarmCost(), 1.0));
                return new VoteLimits(
                        new ExpectedLoss(loss, or(request.atMost(), 0.02)), minVotes, maxVotes, ambiguousBelow);
            case "stability":
                return new VoteLimits(
                        new Stability(or(request.stableVotes(), 3), or(request.within(), 0.02)),
                        minVotes,
                        maxVotes,
                        ambiguousBelow);
            case "twoAgreeElseSeven":
                return new TwoAgreeElseSeven();
            default:
                throw new IllegalArgumentException("rule: got \"" + request.rule()
                        + "\", need posterior, expectedLoss, stability or twoAgreeElseSeven");
        }
    }

    private static List<List<Double>> loss(int classes, double missCost, double falseAlarmCost) {
        List<List<Double>> loss = new ArrayList<>();
        for (int t = 0; t < classes; t++) {
            List<Double> row = new ArrayList<>();
            for (int a = 0; a < classes; a++) {
                row.add(a == t ? 0.0 : t == 0 ? missCost : a == 0 ? falseAlarmCost : 1.0);
            }
            loss.add(row);
        }
        return loss;
    }

    private static double or(@Nullable Double given, double otherwise) {
        return given == null ? otherwise : given;
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
