package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.consensus.HiddenLabels;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.platform.Sql;

/** Reads the begun candidates of the evaluation sample; of a large one a uniform part. */
@ApplicationScoped
class EvaluationUnits {
    /** Intervals are +- .01 by then, and reading more would cost what serving needs. */
    static final int MOST = 20_000;

    private static final long MJD_OF_EPOCH = 40_587;
    private static final double SECONDS = 86_400;

    // The index queue_sample gives the first so many on the shuffled line; everything else is a probe by a key.
    private static final String UNITS = """
            SELECT first.candidate_id, k.combined, k.outcome, k.answer, c.snr, c.time_mjd,
                   (SELECT min(v.id) FROM classification v
                    WHERE v.candidate_id = first.candidate_id AND v.workflow_id = first.workflow_id) AS began
            FROM (SELECT q.workflow_id, q.candidate_id FROM queue_entry q
                  WHERE q.workflow_id = ? AND q.evaluation AND q.votes > 0
                  ORDER BY q.shuffle, q.candidate_id LIMIT ?) AS first
            JOIN consensus k ON k.workflow_id = first.workflow_id AND k.candidate_id = first.candidate_id
            JOIN candidate c ON c.id = first.candidate_id
            WHERE k.votes > 0
              AND NOT EXISTS (SELECT 1 FROM gold_standard g
                              WHERE g.workflow_id = first.workflow_id AND g.candidate_id = first.candidate_id)
            """;

    private final Sql sql;
    private final HiddenLabels hidden;

    EvaluationUnits(Sql sql, HiddenLabels hidden) {
        this.sql = sql;
        this.hidden = hidden;
    }

    List<SampleEstimates.Unit> read(long workflowId) {
        List<SampleEstimates.Unit> units = sql.query(UNITS, EvaluationUnits::unit, workflowId, MOST);
        Map<Long, Integer> usual = hidden.usual(
                workflowId,
                units.stream().map(SampleEstimates.Unit::candidateId).toList());
        return units.stream()
                .map(unit -> unit.withLabel(usual.getOrDefault(unit.candidateId(), unit.label())))
                .toList();
    }

    private static SampleEstimates.Unit unit(ResultSet row) throws SQLException {
        long id = row.getLong("candidate_id");
        String outcome = row.getString("outcome");
        int label = switch (outcome) {
            case "open" -> HiddenLabels.UNDECIDED;
            case "ambiguous" -> HiddenLabels.AMBIGUOUS;
            default -> row.getInt("answer");
        };
        return new SampleEstimates.Unit(
                id,
                row.getObject("began") == null ? id : row.getLong("began"),
                Sql.doubles(row, "combined"),
                !outcome.equals("open"),
                label,
                Brightness.ofSnr(Sql.doubleOrNaN(row, "snr")),
                month(row.getDouble("time_mjd")));
    }

    /** In UTC. */
    static String month(double mjd) {
        Instant at = Instant.ofEpochSecond(Math.round((mjd - MJD_OF_EPOCH) * SECONDS));
        return YearMonth.from(at.atOffset(ZoneOffset.UTC)).toString();
    }
}
