package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.Forecast;
import org.skysieve.engine.select.Forecast.Known;
import org.skysieve.engine.select.VotesLeft;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.StatisticsView.Estimate;

/**
 * Forecasts of votes and days. What votes bring is learned from the trace of the last ones; open candidates are counted on a
 * uniform part of the queue, so that a million of them cost no more than twenty thousand.
 */
@ApplicationScoped
public class Forecasts {
    static final int LEAST_STEPS = 200;
    private static final int MOST_STEPS = 20_000;
    private static final int MOST_OPEN = 20_000;
    private static final int PACE_DAYS = 14;
    private static final double GAIN_VOTES = 1000;
    private static final int MOST_WORKFLOWS = 1000;
    private static final Duration FRESH = Duration.ofSeconds(60);

    /** Completeness of finished work while the sample cannot tell it. */
    private static final Known ASSUMED = new Known(0.95, 0.04);

    // A candidate was open before a step unless the last note says otherwise.
    private static final String STEPS = """
            WITH late AS MATERIALIZED (
                SELECT s.candidate_id, s.position, s.kind, s.combined, s.note FROM consensus_step s
                WHERE s.workflow_id = ? AND s.candidate_id > 0 AND s.kind IN ('vote', 'refit')
                ORDER BY s.position DESC LIMIT ?)
            SELECT l.kind, l.combined, l.note,
                   (SELECT e.combined FROM consensus_step e WHERE e.candidate_id = l.candidate_id
                    AND e.workflow_id = ? AND e.position < l.position ORDER BY e.position DESC LIMIT 1) AS before,
                   (SELECT e.note FROM consensus_step e WHERE e.candidate_id = l.candidate_id
                    AND e.workflow_id = ? AND e.position < l.position AND e.note <> ''
                    ORDER BY e.position DESC LIMIT 1) AS last_note,
                   (SELECT count(*) FROM consensus_step e WHERE e.candidate_id = l.candidate_id
                    AND e.workflow_id = ? AND e.position < l.position AND e.kind = 'vote') AS votes,
                   (SELECT s.probabilities FROM score s
                    WHERE s.workflow_id = ? AND s.candidate_id = l.candidate_id) AS scored
            FROM late l
            WHERE NOT EXISTS (SELECT 1 FROM gold_standard g WHERE g.workflow_id = ? AND g.candidate_id = l.candidate_id)
            """;

    // The words of the partial indexes queue_variety, queue_begun and queue_unbegun.
    private static final String OPEN = """
            SELECT first.votes, k.combined AS before, s.probabilities AS scored
            FROM (SELECT q.workflow_id, q.candidate_id, q.votes FROM queue_entry q
                  WHERE q.workflow_id = ? AND %s ORDER BY q.shuffle, q.candidate_id LIMIT ?) AS first
            LEFT JOIN consensus k ON k.workflow_id = first.workflow_id AND k.candidate_id = first.candidate_id
            LEFT JOIN score s ON s.workflow_id = first.workflow_id AND s.candidate_id = first.candidate_id
            """;
    private static final String QUEUED = OPEN.formatted("q.open AND NOT q.evaluation");
    private static final String BEGUN = OPEN.formatted("q.open AND q.evaluation AND q.votes > 0");
    private static final String UNBEGUN = OPEN.formatted("q.open AND q.evaluation AND q.votes = 0");

    private final Sql sql;
    private final Workflows workflows;
    private final Statistics statistics;
    private final Clock clock;
    private final Map<Long, Basis> cache = new ConcurrentHashMap<>();

    Forecasts(Sql sql, Workflows workflows, Statistics statistics, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.statistics = statistics;
        this.clock = clock;
    }

    /** What every forecast of a workflow rests on. */
    private record Basis(Instant at, VotesLeft left, Forecast.Standing standing, StatisticsView now) {}

    /**
     * At most a minute old, more where {@link Statistics} are older.
     *
     * @param completeness to be reached, in (0, 1)
     * @param purity to be reached, in (0, 1)
     * @throws Problem 400 for shares out of range, 404 without the workflow
     */
    public ForecastView of(long workflowId, double completeness, double purity) {
        share("completeness", completeness);
        share("purity", purity);
        WorkflowView workflow = workflows.byId(workflowId);
        if (cache.size() >= MOST_WORKFLOWS) {
            cache.clear();
        }
        Instant now = clock.instant();
        Basis basis = Objects.requireNonNull(cache.compute(
                workflowId,
                (id, held) ->
                        held != null && Duration.between(held.at, now).abs().compareTo(FRESH) < 0
                                ? held
                                : read(workflow, now)));
        return view(workflow, basis, completeness, purity);
    }

    private static void share(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw Problem.badField(name, "got " + value + ", need more than 0 and less than 1");
        }
    }

    private Basis read(WorkflowView workflow, Instant at) {
        StatisticsView now = statistics.of(workflow.id());
        long onGold = now.goldAgreement().n();
        long found = now.candidates()
                .retired()
                .getOrDefault(workflow.answers().get(0).key(), 0L);
        double overhead = now.votes() / (double) Math.max(1, now.votes() - onGold);
        return new Basis(
                at,
                learn(workflow, now.votes()),
                new Forecast.Standing(open(workflow), found, Math.max(1, overhead)),
                now);
    }

    /** From the later half of the votes: a crowd gets known, and models get better. */
    private VotesLeft learn(WorkflowView workflow, long votes) {
        VotesLeft left = new VotesLeft(workflow.rules().maxVotes());
        long id = workflow.id();
        long steps = Math.max(2L * LEAST_STEPS, Math.min(MOST_STEPS, votes / 2));
        sql.query(STEPS, row -> learn(left, row, workflow.classes()), id, steps, id, id, id, id, id);
        return left;
    }

    private static boolean learn(VotesLeft left, ResultSet row, int classes) throws SQLException {
        String lastNote = row.getString("last_note");
        if (lastNote != null && !lastNote.startsWith("re-opened")) {
            return false;
        }
        int votes = row.getInt("votes");
        int before = VotesLeft.state(belief(row, classes), votes);
        double[] combined = Sql.doubles(row, "combined");
        String note = row.getString("note");
        boolean vote = row.getString("kind").equals("vote");
        boolean retired = note.startsWith("retired");
        if (retired || note.startsWith("ambiguous")) {
            boolean positive =
                    retired && combined[0] >= Arrays.stream(combined).max().orElse(0);
            if (vote) {
                left.finishes(before, positive);
            } else {
                left.refitFinishes(before, positive);
            }
        } else if (vote) {
            left.stays(before, VotesLeft.state(combined, votes + 1));
        } else {
            left.refitted(before, VotesLeft.state(combined, votes));
        }
        return true;
    }

    private static double[] belief(ResultSet row, int classes) throws SQLException {
        if (row.getObject("before") != null) {
            return Sql.doubles(row, "before");
        }
        float[] scored = Sql.floatsOrNull(row, "scored");
        double[] belief = new double[classes];
        for (int k = 0; k < classes; k++) {
            belief[k] = scored == null || scored.length != classes ? 1.0 / classes : scored[k];
        }
        return belief;
    }

    private long[] open(WorkflowView workflow) {
        record Sizes(long queued, long begun, long unbegun) {}
        Sizes sizes = sql.one(
                "SELECT count(*) FILTER (WHERE NOT evaluation), count(*) FILTER (WHERE evaluation AND votes > 0),"
                        + " count(*) FILTER (WHERE evaluation AND votes = 0)"
                        + " FROM queue_entry WHERE workflow_id = ? AND open",
                row -> new Sizes(row.getLong(1), row.getLong(2), row.getLong(3)),
                workflow.id());
        long[] states = new long[VotesLeft.states()];
        count(states, QUEUED, workflow, sizes.queued);
        count(states, BEGUN, workflow, sizes.begun);
        count(states, UNBEGUN, workflow, sizes.unbegun);
        return states;
    }

    private void count(long[] states, String statement, WorkflowView workflow, long all) {
        long[] counts = new long[states.length];
        List<Integer> read = sql.query(
                statement,
                row -> VotesLeft.state(belief(row, workflow.classes()), row.getInt("votes")),
                workflow.id(),
                MOST_OPEN);
        read.forEach(state -> counts[state]++);
        for (int s = 0; s < states.length; s++) {
            states[s] += read.isEmpty() ? 0 : Math.round(counts[s] * (all / (double) read.size()));
        }
    }

    private ForecastView view(WorkflowView workflow, Basis basis, double completeness, double purity) {
        Known pace = pace(basis);
        List<String> reasons = new ArrayList<>();
        boolean enough = basis.left.seen() >= LEAST_STEPS;
        Known ceiling = ceiling(basis.now.completeness());
        Forecast.@Nullable Outlook outlook = null;
        if (enough) {
            outlook = Forecast.of(
                    basis.left,
                    basis.standing,
                    ceiling,
                    completeness,
                    pace,
                    GAIN_VOTES,
                    // The same numbers give the same forecast.
                    new SplittableRandom(workflow.id()));
            if (basis.now.completeness().value() == null) {
                reasons.add("The completeness of finished work is assumed, " + percent(ceiling.value())
                        + " give or take " + percent(2 * ceiling.error()) + ": "
                        + basis.now.completeness().reason() + ".");
            }
            if (outlook.reached() < 0.5) {
                reasons.add("A completeness of " + percent(completeness) + " is "
                        + (outlook.reached() < 0.05 ? "not" : "probably not")
                        + " reached by further votes: finished work finds about " + percent(ceiling.value())
                        + ". Under a lower threshold for \""
                        + workflow.answers().get(0).label()
                        + "\" or with more votes allowed, less would be missed.");
            }
        } else {
            reasons.add("Only " + basis.left.seen() + " votes of late to learn from, need " + LEAST_STEPS + ".");
        }
        if (pace.value() <= 0) {
            reasons.add("Nobody has voted in the last " + PACE_DAYS + " days, so days cannot be told.");
        }
        reasons.add(aboutPurity(basis.now.purity(), purity, workflow));
        double error = ceiling.error();
        return new ForecastView(
                workflow.id(),
                basis.at,
                completeness,
                purity,
                outlook == null ? null : range(outlook.votes()),
                outlook == null || pace.value() <= 0 ? null : range(outlook.days()),
                outlook == null ? null : range(outlook.votesLeft()),
                outlook == null ? null : range(outlook.completenessNow()),
                enough
                        ? new ForecastView.Range(
                                ceiling.value(),
                                Math.max(0, ceiling.value() - 1.645 * error),
                                Math.min(1, ceiling.value() + 1.645 * error))
                        : null,
                outlook == null ? null : range(outlook.gain()),
                outlook == null ? null : outlook.reached(),
                pace.value(),
                basis.left.seen(),
                reasons.stream().filter(reason -> !reason.isEmpty()).toList());
    }

    private static String aboutPurity(Estimate estimate, double asked, WorkflowView workflow) {
        Double low = estimate.low();
        Double high = estimate.high();
        if (low == null || high == null) {
            return "Whether a purity of " + percent(asked) + " is kept cannot be told yet: " + estimate.reason() + ".";
        }
        if (high < asked) {
            return "A purity of " + percent(asked) + " is not kept: it is " + percent(low) + " to " + percent(high)
                    + ", and further votes do not change it. A higher threshold for \""
                    + workflow.answers().get(0).label() + "\" would.";
        }
        return low >= asked
                ? ""
                : "Whether a purity of " + percent(asked) + " is kept cannot be told from an interval of "
                        + percent(low) + " to " + percent(high) + ".";
    }

    private static Known ceiling(Estimate completeness) {
        Double value = completeness.value();
        Double low = completeness.low();
        Double high = completeness.high();
        return value == null || low == null || high == null ? ASSUMED : new Known(value, (high - low) / 3.92);
    }

    /** Over the days of the last fortnight with the first vote in it; how days differ is its error. */
    private static Known pace(Basis basis) {
        double today = basis.at.getEpochSecond() / 86_400.0;
        long first = (long) Math.floor(today) - PACE_DAYS + 1;
        List<StatisticsView.Day> late = basis.now.votesPerDay().stream()
                .filter(day -> day.day().toEpochDay() >= first)
                .toList();
        if (late.isEmpty()) {
            return new Known(0, 0);
        }
        long begun = late.get(0).day().toEpochDay();
        double days = Math.max(0.25, today - begun);
        double votes = late.stream().mapToLong(StatisticsView.Day::votes).sum();
        double mean = votes / days;
        double squares = 0;
        int whole = (int) Math.floor(today) - (int) begun;
        for (int d = 0; d < whole; d++) {
            long at = begun + d;
            double count = late.stream()
                    .filter(day -> day.day().toEpochDay() == at)
                    .mapToLong(StatisticsView.Day::votes)
                    .sum();
            squares += (count - mean) * (count - mean);
        }
        // A single day says little of the next.
        double error = whole < 3 ? mean / 3 : Math.sqrt(squares / (whole - 1) / whole);
        return new Known(mean, error);
    }

    private static ForecastView.@Nullable Range range(Forecast.Range range) {
        return Double.isInfinite(range.middle())
                ? null
                : new ForecastView.Range(
                        range.middle(), range.low(), Double.isInfinite(range.high()) ? null : range.high());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share).replace(".0 %", " %");
    }
}
