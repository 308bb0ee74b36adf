package org.skysieve.outcome;

import java.io.IOException;
import java.io.StringReader;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;

/**
 * Outcomes from a CSV table with the columns {@code candidate}, {@code kind}, {@code name}, {@code type}, {@code url} and
 * {@code at} (an ISO 8601 day or time; now where it is empty or there is no such column). All rows are taken, or none.
 */
@ApplicationScoped
public class OutcomeTable {
    private static final int MOST_ROWS = 5_000;

    private final Outcomes outcomes;
    private final Candidates candidates;
    private final Clock clock;

    OutcomeTable(Outcomes outcomes, Candidates candidates, Clock clock) {
        this.outcomes = outcomes;
        this.candidates = candidates;
        this.clock = clock;
    }

    /**
     * Reports all rows.
     *
     * @return how many changed something
     * @throws Problem 400 naming the line for a row that cannot be read or a candidate that is not of the project
     */
    @Transactional
    public int report(ProjectView project, String csv, long reportedBy) {
        Map<Long, Outcome> rows = new LinkedHashMap<>();
        try (CSVParser parser = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .setIgnoreEmptyLines(true)
                .get()
                .parse(new StringReader(csv))) {
            for (String column : List.of("candidate", "kind")) {
                if (!parser.getHeaderMap().containsKey(column)) {
                    throw Problem.badField("csv", "no column " + column + " in the first line");
                }
            }
            for (CSVRecord record : parser) {
                if (rows.size() >= MOST_ROWS) {
                    throw Problem.badField("csv", "got more than " + MOST_ROWS + " rows, need at most so many");
                }
                row(record, rows);
            }
        } catch (IOException | IllegalArgumentException broken) {
            throw Problem.badField("csv", "" + broken.getMessage());
        }
        Map<Long, CandidateView> known = candidates.byIds(rows.keySet());
        int changed = 0;
        for (Map.Entry<Long, Outcome> row : rows.entrySet()) {
            CandidateView candidate = known.get(row.getKey());
            if (candidate == null || candidate.projectId() != project.id()) {
                throw Problem.badField("csv", "candidate " + row.getKey() + " is none of this project");
            }
            changed += outcomes.report(row.getKey(), row.getValue(), reportedBy) ? 1 : 0;
        }
        return changed;
    }

    private void row(CSVRecord record, Map<Long, Outcome> rows) {
        String where = "line " + (record.getRecordNumber() + 1) + ": ";
        try {
            String at = field(record, "at");
            rows.put(
                    Long.parseLong(record.get("candidate")),
                    Outcome.of(
                            record.get("kind"),
                            field(record, "name"),
                            field(record, "type"),
                            field(record, "url"),
                            at.isEmpty() ? clock.instant() : time(at)));
        } catch (NumberFormatException notANumber) {
            throw Problem.badField("csv", where + "got candidate \"" + record.get("candidate") + "\", need a number");
        } catch (DateTimeException notATime) {
            throw Problem.badField("csv", where + "got at \"" + field(record, "at") + "\", need ISO 8601");
        } catch (Problem problem) {
            throw Problem.badField("csv", where + problem.detail());
        }
    }

    private static Instant time(String text) {
        return text.length() <= 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(text);
    }

    private static String field(CSVRecord record, String name) {
        return record.isMapped(name) && record.isSet(name) ? record.get(name) : "";
    }
}
