package org.skysieve.consensus;

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
import org.skysieve.platform.Problem;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.RetirementChange;
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
     * @param entries of the log that were replayed
     * @param complete whether that is the whole log; if not, it is its beginning
     * @param note what the figures cannot tell
     */
    public record Comparison(long entries, boolean complete, Plan current, Plan proposed, String note) {}

    /**
     * What one rule makes of the votes.
     *
     * @param rule as it can be saved
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
            RetirementChange rule,
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

    /**
     * @param change another retirement, not yet saved
     * @throws Problem 400 for a rule that cannot be, 503 while another rehearsal runs
     */
    public Comparison rehearse(long workflowId, RetirementChange change) {
        WorkflowView workflow = workflows.byId(workflowId);
        Rules proposed = workflows.rulesWith(workflow, change);
        if (!one.tryAcquire()) {
            throw Problem.of(503, "another rehearsal runs; try again in some seconds");
        }
        try {
            return replay(workflow, proposed);
        } finally {
            one.release();
        }
    }

    private Comparison replay(WorkflowView workflow, Rules proposed) {
        ConsensusSettings settings = ConsensusSettings.defaults(workflow.classes());
        Rehearsal now =
                new Rehearsal(settings, EngineRules.of(workflow.rules(), workflow.answers()), config.refitEvery());
        Rehearsal then = new Rehearsal(settings, EngineRules.of(proposed, workflow.answers()), config.refitEvery());
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
                plan(workflow.rules(), now, gold, consensus),
                plan(proposed, then, gold, consensus),
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

    private static Plan plan(Rules rules, Rehearsal rehearsal, Map<Long, Integer> gold, Map<Long, Integer> consensus) {
        Rehearsal.Report report = rehearsal.report();
        return new Plan(
                RetirementChange.to(rules),
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
}
