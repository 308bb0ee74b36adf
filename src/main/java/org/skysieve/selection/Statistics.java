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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import org.jboss.logging.Logger;

import org.skysieve.consensus.HiddenLabels;
import org.skysieve.engine.math.Interval;
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
    private static final String GOLD_AGREEMENT = "Standing votes on gold standards.";

    /** Numbers are at least so old before they are counted anew, and counting takes at most a twentieth of the time. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final int SHARE = 20;

    /** Who comes after so many times that waits for the new count; others get the last one and have it renewed. */
    private static final int STALE = 4;

    private static final int MOST_WORKFLOWS = 1000;

    /** Gold standards that posteriors are calibrated on, the newest. */
    private static final int MOST_GOLD = 2000;

    private static final int DAYS = 90;

    private static final String STANDING = " c.workflow_id = ? AND c.answer IS NOT NULL"
            + " AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)";

    private static final Logger LOG = Logger.getLogger(Statistics.class);

    private final Sql sql;
    private final Workflows workflows;
    private final EvaluationUnits units;
    private final HiddenLabels hidden;
    private final Clock clock;
    private final Map<Long, Counted> cache = new ConcurrentHashMap<>();
    private final Set<Long> renewing = ConcurrentHashMap.newKeySet();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "statistics");
        thread.setDaemon(true);
        return thread;
    });

    Statistics(Sql sql, Workflows workflows, EvaluationUnits units, HiddenLabels hidden, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.units = units;
        this.hidden = hidden;
        this.clock = clock;
    }

    void stop(@Observes ShutdownEvent event) {
        background.shutdownNow();
    }

    /** A count and how long it may stand. */
    private record Counted(StatisticsView view, Duration keep) {
        Duration age(Instant now) {
            return Duration.between(view.at(), now).abs();
        }
    }

    /**
     * How a workflow stands: a few seconds old, more where counting takes long. A count is renewed in the background by who
     * finds it old; who finds it very old, or none, waits for it.
     *
     * @throws Problem 404 without the workflow
     */
    public StatisticsView of(long workflowId) {
        Counted held = cache.get(workflowId);
        Instant now = clock.instant();
        if (held != null && held.age(now).compareTo(held.keep.multipliedBy(STALE)) < 0) {
            if (held.age(now).compareTo(held.keep) >= 0 && renewing.add(workflowId)) {
                background.execute(() -> renew(workflowId));
            }
            return held.view;
        }
        WorkflowView workflow = workflows.byId(workflowId);
        if (cache.size() >= MOST_WORKFLOWS) {
            cache.clear();
        }
        // Many open dashboards count once: the map holds the others back until the first is done.
        return Objects.requireNonNull(cache.compute(
                        workflowId,
                        (id, current) ->
                                current != null && !current.view.at().isBefore(now) ? current : timed(workflow)))
                .view;
    }

    private void renew(long workflowId) {
        try {
            cache.put(workflowId, timed(workflows.byId(workflowId)));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Counting failed; the last numbers stand: workflow=%d", workflowId);
        } finally {
            renewing.remove(workflowId);
        }
    }

    private Counted timed(WorkflowView workflow) {
        long start = System.nanoTime();
        StatisticsView view = count(workflow);
        Duration keep = Duration.ofNanos(System.nanoTime() - start).multipliedBy(SHARE);
        return new Counted(view, keep.compareTo(FRESH) > 0 ? keep : FRESH);
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
        SampleSizes sizes = sizes(id);
        SampleEstimates estimates = new SampleEstimates(
                units.read(id),
                sizes.population,
                workflow.answers(),
                hidden.gold(id, MOST_GOLD),
                // The least sure label that the rule gives, in the end.
                Math.max(0.5, workflow.rules().ambiguousBelow()));
        StatisticsView.Group overall = estimates.overall();
        return new StatisticsView(
                id,
                at,
                votes.votes,
                votes.volunteers,
                days(id),
                candidates(workflow),
                new StatisticsView.EvaluationSample(
                        sizes.sample,
                        sizes.begun,
                        sizes.finished,
                        estimates.read(),
                        estimates.cohort(),
                        estimates.gold()),
                overall.prevalence(),
                overall.purity(),
                overall.completeness(),
                goldAgreement(id),
                estimates.groups());
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

    /** Without gold standards, which were chosen and not drawn. */
    private record SampleSizes(long population, long sample, long begun, long finished) {}

    private SampleSizes sizes(long workflowId) {
        // An entry that is not open and not gold is retired or ambiguous.
        return sql.one(
                """
                SELECT count(*), count(*) FILTER (WHERE q.evaluation),
                       count(*) FILTER (WHERE q.evaluation AND q.votes > 0),
                       count(*) FILTER (WHERE q.evaluation AND q.votes > 0 AND NOT q.open)
                FROM queue_entry q
                WHERE q.workflow_id = ?
                  AND NOT EXISTS (SELECT 1 FROM gold_standard g
                                  WHERE g.workflow_id = q.workflow_id AND g.candidate_id = q.candidate_id)
                """,
                row -> new SampleSizes(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                workflowId);
    }

    private StatisticsView.Estimate goldAgreement(long workflowId) {
        record Counts(int votes, int agreed) {}
        Counts counts = sql.one(
                "SELECT count(*), count(*) FILTER (WHERE c.answer = g.answer) FROM gold_standard g"
                        + " JOIN classification c ON c.candidate_id = g.candidate_id AND c.workflow_id = g.workflow_id"
                        + " WHERE c.workflow_id = ? AND c.answer IS NOT NULL AND NOT c.informed AND NOT EXISTS (SELECT"
                        + " FROM classification later WHERE later.supersedes = c.id AND NOT later.informed)",
                row -> new Counts(row.getInt(1), row.getInt(2)),
                workflowId);
        if (counts.votes < SampleEstimates.LEAST_SAMPLE) {
            return SampleEstimates.none(
                    counts.votes,
                    GOLD_AGREEMENT,
                    "only " + counts.votes + " votes on gold standards, need " + SampleEstimates.LEAST_SAMPLE);
        }
        double share = (double) counts.agreed / counts.votes;
        Interval interval = Interval.wilson(share, counts.votes, SampleEstimates.CONFIDENCE);
        return new StatisticsView.Estimate(
                share, interval.low(), interval.high(), SampleEstimates.CONFIDENCE, counts.votes, GOLD_AGREEMENT, null);
    }
}
