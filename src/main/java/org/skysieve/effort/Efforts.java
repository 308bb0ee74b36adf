package org.skysieve.effort;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.math.BetaDistribution;
import org.skysieve.platform.Sql;

/**
 * What somebody has given and how well they know each class, from their own entries of the log.
 *
 * <p>Hours are estimated: an entry counts the time since the entry before, if that is at most two minutes; after a longer
 * pause it counts what the page measured for it, at most two minutes, or ten seconds where nothing was measured. So a
 * browser left open counts nothing, and an answer thought about for long counts two minutes.
 */
@ApplicationScoped
public class Efforts {
    /** Longer pauses are pauses. */
    static final int LONGEST_SECONDS = 120;

    private static final int UNMEASURED_SECONDS = 10;
    private static final double LEVEL = 0.95;
    private static final int NEWEST = 20_000;

    /** Gold standards that nobody was told of count by as many at a time. */
    static final int GOLD_STEP = 10;

    private final Sql sql;
    private final Clock clock;

    Efforts(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** All that somebody has given, in all projects. */
    public Given of(long volunteerId) {
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        return sql.one(
                """
                WITH mine AS (
                    SELECT created_at, elapsed_ms, supersedes,
                           extract(epoch FROM created_at - lag(created_at) OVER (ORDER BY created_at, id)) AS pause
                    FROM classification WHERE volunteer_id = ?
                )
                SELECT count(*) FILTER (WHERE supersedes IS NULL) AS answers,
                       coalesce(round(sum(CASE WHEN pause <= ? THEN pause
                           ELSE least(coalesce(elapsed_ms / 1000.0, ?), ?) END)), 0)::bigint AS seconds,
                       count(DISTINCT (created_at AT TIME ZONE 'UTC')::date)::int AS days,
                       (count(DISTINCT (created_at AT TIME ZONE 'UTC')::date)
                           FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date >= ?::text::date))::int AS this_month,
                       min((created_at AT TIME ZONE 'UTC')::date)::text AS first_day,
                       max((created_at AT TIME ZONE 'UTC')::date)::text AS last_day
                FROM mine
                """,
                row -> new Given(
                        row.getLong("answers"),
                        row.getLong("seconds"),
                        row.getInt("days"),
                        row.getInt("this_month"),
                        day(row.getString("first_day")),
                        day(row.getString("last_day"))),
                volunteerId,
                LONGEST_SECONDS,
                UNMEASURED_SECONDS,
                LONGEST_SECONDS,
                month.toString());
    }

    private static @Nullable LocalDate day(@Nullable String text) {
        return text == null ? null : LocalDate.parse(text);
    }

    /**
     * How often somebody was right about candidates of a class and brightness.
     *
     * @param answer the class that they are
     * @param n votes on such candidates whose class is known or settled
     * @param right how many of them say so
     * @param mean of the posterior of P(right) after Jeffreys' prior; NaN without votes
     * @param low end of the 95 % credible interval; NaN without votes
     * @param high end of it
     */
    public record Cell(int answer, Brightness brightness, int n, int right, double mean, double low, double high) {}

    /**
     * The newest 20,000 votes of somebody against what is known: what the consensus settled, and gold standards. An answer
     * given after its author had been told is left out. A settled label rests on their own vote as well, so that these
     * numbers flatter a little where few others voted.
     *
     * <p>Nothing here tells which answer met a gold standard. What somebody was shown to be one counts at once. All other gold
     * standards count by their first answers and in full tens of those: an edit or a withdrawal moves nothing, and when the
     * numbers move, ten among all the answers since they last did were gold.
     */
    public List<Cell> skill(long workflowId, long volunteerId, int classes) {
        int bins = Brightness.values().length;
        int[] n = new int[classes * bins];
        int[] right = new int[n.length];
        sql.query(
                """
                WITH me AS NOT MATERIALIZED (SELECT ?::bigint AS volunteer_id, ?::bigint AS workflow_id),
                     told AS (SELECT g.candidate_id, g.answer FROM me
                              JOIN gold_reveal r USING (workflow_id, volunteer_id)
                              JOIN gold_standard g USING (workflow_id, candidate_id)),
                     settled AS NOT MATERIALIZED (
                              SELECT k.candidate_id, k.answer FROM consensus k JOIN me USING (workflow_id)
                              WHERE k.outcome = 'retired'
                                AND NOT EXISTS (SELECT FROM gold_standard g WHERE g.workflow_id = k.workflow_id
                                                AND g.candidate_id = k.candidate_id)),
                     untold AS (SELECT e.candidate_id, e.answer, g.answer AS truth,
                                       row_number() OVER (ORDER BY e.id) AS place, count(*) OVER () AS n
                                FROM me JOIN gold_standard g USING (workflow_id)
                                JOIN classification e USING (workflow_id, volunteer_id, candidate_id)
                                WHERE e.supersedes IS NULL AND NOT e.informed
                                  AND NOT EXISTS (SELECT FROM told t WHERE t.candidate_id = e.candidate_id)),
                     mine AS (SELECT e.candidate_id, e.answer
                              FROM me JOIN classification e USING (workflow_id, volunteer_id)
                              WHERE e.answer IS NOT NULL AND NOT e.informed
                                AND NOT EXISTS (SELECT FROM classification later
                                                WHERE later.supersedes = e.id AND NOT later.informed)
                              ORDER BY e.id DESC LIMIT ?)
                SELECT known.truth, known.answer, c.snr
                FROM (SELECT m.candidate_id, m.answer, coalesce(t.answer, k.answer) AS truth
                      FROM mine m LEFT JOIN told t USING (candidate_id) LEFT JOIN settled k USING (candidate_id)
                      WHERE coalesce(t.answer, k.answer) IS NOT NULL
                      UNION ALL
                      SELECT u.candidate_id, u.answer, u.truth FROM untold u
                      WHERE u.place <= u.n - u.n % ?) AS known
                     JOIN candidate c ON c.id = known.candidate_id
                """,
                row -> {
                    int cell = row.getInt("truth") * bins
                            + Brightness.ofSnr(Sql.floatOrNaN(row, "snr")).ordinal();
                    n[cell]++;
                    right[cell] += row.getInt("truth") == row.getInt("answer") ? 1 : 0;
                    return cell;
                },
                volunteerId,
                workflowId,
                NEWEST,
                GOLD_STEP);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < n.length; i++) {
            cells.add(cell(i / bins, Brightness.values()[i % bins], n[i], right[i]));
        }
        return cells;
    }

    static Cell cell(int answer, Brightness brightness, int n, int right) {
        if (n == 0) {
            return new Cell(answer, brightness, 0, 0, Double.NaN, Double.NaN, Double.NaN);
        }
        BetaDistribution posterior = new BetaDistribution(right + 0.5, n - right + 0.5);
        return new Cell(
                answer,
                brightness,
                n,
                right,
                posterior.mean(),
                posterior.quantile((1 - LEVEL) / 2),
                posterior.quantile((1 + LEVEL) / 2));
    }

    /**
     * What became so far of what somebody answered since a time.
     *
     * @param answered candidates
     * @param settled how many of them have been settled since
     * @param agreed how many of those as they said
     */
    public record Session(int answered, int settled, int agreed) {}

    /** A session in one workflow; gold standards count as answered only, so that none can be told. */
    public Session since(long workflowId, long volunteerId, Instant start) {
        return sql.one(
                """
                SELECT count(*)::int AS answered, count(k.candidate_id)::int AS settled,
                       (count(*) FILTER (WHERE k.answer = v.answer))::int AS agreed
                FROM (SELECT candidate_id, answer FROM classification e
                      WHERE volunteer_id = ? AND workflow_id = ? AND created_at >= ? AND answer IS NOT NULL
                        AND NOT EXISTS (SELECT FROM classification later WHERE later.supersedes = e.id)
                      ORDER BY id DESC LIMIT ?) AS v
                     LEFT JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = v.candidate_id
                           AND k.outcome = 'retired' AND NOT EXISTS (SELECT FROM gold_standard g
                               WHERE g.workflow_id = k.workflow_id AND g.candidate_id = k.candidate_id)
                """,
                row -> new Session(row.getInt("answered"), row.getInt("settled"), row.getInt("agreed")),
                volunteerId,
                workflowId,
                start,
                NEWEST,
                workflowId);
    }
}
