package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.select.HorvitzThompson;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * The numbers of the dashboard. What is counted is counted; what is estimated comes from the frozen evaluation sample
 * alone, because the rest is labelled where it is hard and says little of the whole (docs/methods/selection.md).
 */
@ApplicationScoped
public class Statistics {
    static final double CONFIDENCE = 0.95;

    /** Below so many candidates an interval spans most of [0, 1] and the normal theory behind it does not hold. */
    static final int LEAST_SAMPLE = 30;

    /** Purity rests on those labelled positive, completeness on the true positives: at least so many. */
    static final int LEAST_POSITIVES = 10;

    /** Easy candidates finish first: labels are judged once at least this share of those begun is finished. */
    static final double LEAST_FINISHED = 0.5;

    private static final String SAMPLE_TRUTH =
            " uniform random sample (frozen by a hash of the sky object, begun by uniform exploration only);"
                    + " truth: the calibrated posterior of votes and model";
    private static final String PREVALENCE = "Mean over the begun candidates of the" + SAMPLE_TRUTH + ".";
    private static final String PURITY =
            "Horvitz-Thompson ratio over the finished candidates, labelled positive, of the" + SAMPLE_TRUTH + ".";
    private static final String COMPLETENESS = "Horvitz-Thompson ratio over the finished candidates of the"
            + SAMPLE_TRUTH + "; ambiguous positives count as missed.";
    private static final String GOLD_AGREEMENT = "Standing votes on gold standards.";

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final int MOST_WORKFLOWS = 1000;
    private static final int DAYS = 90;

    private static final String STANDING = " c.workflow_id = ? AND c.answer IS NOT NULL"
            + " AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)";

    private final Sql sql;
    private final Workflows workflows;
    private final Clock clock;
    private final Map<Long, StatisticsView> cache = new ConcurrentHashMap<>();

    Statistics(Sql sql, Workflows workflows, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.clock = clock;
    }

    /**
     * How a workflow stands, at most five seconds old.
     *
     * @throws Problem 404 without the workflow
     */
    public StatisticsView of(long workflowId) {
        Instant now = clock.instant();
        StatisticsView cached = cache.get(workflowId);
        if (cached != null && Duration.between(cached.at(), now).abs().compareTo(FRESH) < 0) {
            return cached;
        }
        WorkflowView workflow = workflows.byId(workflowId);
        if (cache.size() >= MOST_WORKFLOWS) {
            cache.clear();
        }
        // Many open dashboards count once: the map holds the others back until the first is done.
        return cache.compute(
                workflowId,
                (id, current) -> current != null && !current.at().isBefore(now) ? current : count(workflow));
    }

    /** The same, counted now. */
    StatisticsView count(WorkflowView workflow) {
        long id = workflow.id();
        Instant at = clock.instant();
        record Votes(long votes, long volunteers) {}
        Votes votes = sql.one(
                "SELECT count(*), count(DISTINCT c.volunteer_id) FROM classification c WHERE" + STANDING,
                row -> new Votes(row.getLong(1), row.getLong(2)),
                id);
        Sample sample = sample(id);
        return new StatisticsView(
                id,
                at,
                votes.votes,
                votes.volunteers,
                days(id),
                candidates(workflow),
                sample.view(),
                prevalence(sample),
                purity(sample),
                completeness(sample),
                goldAgreement(id));
    }

    private List<StatisticsView.Day> days(long workflowId) {
        List<StatisticsView.Day> newestFirst = sql.query(
                "SELECT (c.created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS votes FROM classification c WHERE"
                        + STANDING + " GROUP BY 1 ORDER BY 1 DESC LIMIT " + DAYS,
                row -> new StatisticsView.Day(LocalDate.parse(row.getString("day")), row.getLong("votes")),
                workflowId);
        List<StatisticsView.Day> days = new ArrayList<>(newestFirst);
        Collections.reverse(days);
        return days;
    }

    private StatisticsView.CandidateCounts candidates(WorkflowView workflow) {
        record Counts(long total, long open, long gold) {}
        Counts counts = sql.one(
                """
                SELECT (SELECT count(*) FROM queue_entry WHERE workflow_id = ?),
                       (SELECT count(*) FROM queue_entry WHERE workflow_id = ? AND open),
                       (SELECT count(*) FROM gold_standard WHERE workflow_id = ?)
                """,
                row -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)),
                workflow.id(),
                workflow.id(),
                workflow.id());
        Map<String, Long> retired = new LinkedHashMap<>();
        for (AnswerOption answer : workflow.answers()) {
            retired.put(answer.key(), 0L);
        }
        record Group(String outcome, int answer, long candidates, long votes) {}
        List<Group> groups = sql.query(
                """
                SELECT k.outcome, k.answer, count(*) AS candidates, sum(k.votes) AS votes FROM consensus k
                WHERE k.workflow_id = ? AND k.outcome <> 'open'
                  AND NOT EXISTS (SELECT 1 FROM gold_standard g
                                  WHERE g.workflow_id = k.workflow_id AND g.candidate_id = k.candidate_id)
                GROUP BY 1, 2
                """,
                row -> new Group(
                        row.getString("outcome"),
                        row.getInt("answer"),
                        row.getLong("candidates"),
                        row.getLong("votes")),
                workflow.id());
        long ambiguous = 0;
        long retiredTotal = 0;
        long votes = 0;
        for (Group group : groups) {
            if (group.outcome.equals("retired")) {
                retired.merge(workflow.answers().get(group.answer).key(), group.candidates, Long::sum);
                retiredTotal += group.candidates;
                votes += group.votes;
            } else {
                ambiguous += group.candidates;
            }
        }
        return new StatisticsView.CandidateCounts(
                counts.total,
                counts.open,
                counts.gold,
                ambiguous,
                retiredTotal,
                retired,
                retiredTotal == 0 ? null : (double) votes / retiredTotal);
    }

    /** The begun candidates of the evaluation sample, and those of them that are finished. */
    private record Sample(StatisticsView.EvaluationSample view, HorvitzThompson begun, HorvitzThompson finished) {}

    private Sample sample(long workflowId) {
        record Sizes(long all, long sample) {}
        Sizes sizes = sql.one("""
                SELECT count(*), count(*) FILTER (WHERE q.evaluation) FROM queue_entry q
                WHERE q.workflow_id = ?
                  AND NOT EXISTS (SELECT 1 FROM gold_standard g
                                  WHERE g.workflow_id = q.workflow_id AND g.candidate_id = q.candidate_id)
                """, row -> new Sizes(row.getLong(1), row.getLong(2)), workflowId);
        record Unit(double positive, String outcome, int answer) {}
        List<Unit> units = sql.query(
                """
                SELECT k.combined[1] AS positive, k.outcome, k.answer
                FROM queue_entry q JOIN consensus k
                     ON k.workflow_id = q.workflow_id AND k.candidate_id = q.candidate_id
                WHERE q.workflow_id = ? AND q.evaluation AND k.votes > 0
                  AND NOT EXISTS (SELECT 1 FROM gold_standard g
                                  WHERE g.workflow_id = q.workflow_id AND g.candidate_id = q.candidate_id)
                """,
                row -> new Unit(row.getDouble("positive"), row.getString("outcome"), row.getInt("answer")),
                workflowId);
        HorvitzThompson begun = new HorvitzThompson();
        HorvitzThompson finished = new HorvitzThompson();
        for (Unit unit : units) {
            // In the sample, and begun by now: the same for every candidate, because exploration draws uniformly.
            double probability = Math.min(1, (double) units.size() / Math.max(1, sizes.all));
            double positive = Math.max(0, Math.min(1, unit.positive));
            boolean labelled = unit.outcome.equals("retired") && unit.answer == 0;
            begun.add(probability, positive, labelled);
            if (!unit.outcome.equals("open")) {
                finished.add(probability, positive, labelled);
            }
        }
        return new Sample(
                new StatisticsView.EvaluationSample(sizes.sample, units.size(), finished.size()), begun, finished);
    }

    private static StatisticsView.Estimate prevalence(Sample sample) {
        int n = sample.begun.size();
        if (n < LEAST_SAMPLE) {
            return none(n, PREVALENCE, "only " + n + " candidates of the sample have votes, need " + LEAST_SAMPLE);
        }
        return estimate(sample.begun.prevalence(CONFIDENCE), n, PREVALENCE);
    }

    private static StatisticsView.Estimate purity(Sample sample) {
        return judged(sample, sample.finished.purity(CONFIDENCE), PURITY, "are labelled positive");
    }

    private static StatisticsView.Estimate completeness(Sample sample) {
        return judged(sample, sample.finished.completeness(CONFIDENCE), COMPLETENESS, "are positive");
    }

    private static StatisticsView.Estimate judged(
            Sample sample, HorvitzThompson.Estimate estimate, String method, String what) {
        int n = sample.finished.size();
        if (n < LEAST_SAMPLE) {
            return none(n, method, "only " + n + " candidates of the sample are finished, need " + LEAST_SAMPLE);
        }
        double share = (double) n / sample.begun.size();
        if (share < LEAST_FINISHED) {
            return none(
                    n,
                    method,
                    "only " + Math.round(100 * share) + " % of the begun candidates of the sample are finished, need "
                            + Math.round(100 * LEAST_FINISHED) + " %: the easy ones come first");
        }
        if (estimate.effectiveSize() < LEAST_POSITIVES) {
            return none(
                    n,
                    method,
                    "only about " + Math.round(estimate.effectiveSize()) + " finished candidates of the sample " + what
                            + ", need " + LEAST_POSITIVES);
        }
        return estimate(estimate, n, method);
    }

    private StatisticsView.Estimate goldAgreement(long workflowId) {
        HorvitzThompson agreement = new HorvitzThompson();
        record Counts(int votes, int agreed) {}
        Counts counts = sql.one(
                "SELECT count(*), count(*) FILTER (WHERE c.answer = g.answer) FROM gold_standard g"
                        + " JOIN classification c ON c.candidate_id = g.candidate_id AND c.workflow_id = g.workflow_id"
                        + " WHERE" + STANDING,
                row -> new Counts(row.getInt(1), row.getInt(2)),
                workflowId);
        if (counts.votes < LEAST_SAMPLE) {
            return none(
                    counts.votes,
                    GOLD_AGREEMENT,
                    "only " + counts.votes + " votes on gold standards, need " + LEAST_SAMPLE);
        }
        for (int i = 0; i < counts.votes; i++) {
            agreement.add(1, i < counts.agreed ? 1 : 0, false);
        }
        return estimate(agreement.prevalence(CONFIDENCE), counts.votes, GOLD_AGREEMENT);
    }

    private static StatisticsView.Estimate estimate(HorvitzThompson.Estimate estimate, long n, String method) {
        return new StatisticsView.Estimate(
                estimate.value(), estimate.low(), estimate.high(), CONFIDENCE, n, method, null);
    }

    private static StatisticsView.Estimate none(long n, String method, String reason) {
        return new StatisticsView.Estimate(null, null, null, CONFIDENCE, n, method, reason);
    }
}
