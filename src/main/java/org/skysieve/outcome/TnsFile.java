package org.skysieve.outcome;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.candidate.SkyPosition;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;

/**
 * Outcomes from a file of the Transient Name Server's public objects: CSV with the columns {@code name_prefix}, {@code name},
 * {@code ra}, {@code declination} (degrees), {@code type}, {@code internal_names} (several, by commas) and, for when it became
 * known, {@code lastmodified} or {@code discoverydate}; others are left alone, and so is a line above the names of the
 * columns. An entry is that of a sky object that has one of its internal names, else of the nearest one within 2 arcseconds.
 * What was reported otherwise than from the name server stays. All entries are taken, or none.
 */
@ApplicationScoped
public class TnsFile {
    static final double WITHIN_ARCSEC = 2;

    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_OBJECTS = 2_000_000;
    private static final int PAGE = 10_000;
    private static final String KIND = "tns";
    private static final String ADDRESS = "https://www.wis-tns.org/object/";

    /**
     * What a file brought.
     *
     * @param rows entries read
     * @param objects sky objects of the project among them
     * @param changed candidates whose outcome is new or another
     */
    public record Matched(int rows, int objects, int changed) {}

    private final Outcomes outcomes;
    private final Candidates candidates;
    private final Clock clock;

    TnsFile(Outcomes outcomes, Candidates candidates, Clock clock) {
        this.outcomes = outcomes;
        this.candidates = candidates;
        this.clock = clock;
    }

    /**
     * Reads a file to its end.
     *
     * @throws Problem 400 naming the line for an entry that cannot be read
     */
    @Transactional
    public Matched report(ProjectView project, InputStream file, long reportedBy) {
        Sky sky = sky(project.id());
        int rows = 0;
        int changed = 0;
        Set<Long> seen = new HashSet<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            int above = skipTitle(reader);
            try (CSVParser parser = CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setTrim(true)
                    .setIgnoreEmptyLines(true)
                    .get()
                    .parse(reader)) {
                for (String column : List.of("name_prefix", "name", "ra", "declination", "type", "internal_names")) {
                    if (!parser.getHeaderMap().containsKey(column)) {
                        throw Problem.badField("file", "no column " + column + " in the first line");
                    }
                }
                for (CSVRecord record : parser) {
                    if (++rows > MOST_ROWS) {
                        throw Problem.badField("file", "got more than " + MOST_ROWS + " rows, need at most so many");
                    }
                    String where = "line " + (parser.getCurrentLineNumber() + above) + ": ";
                    Optional<SkyPosition> object = find(record, sky, where);
                    // One outcome an object: the first entry that is its own.
                    if (object.isPresent() && seen.add(object.get().skyObjectId())) {
                        changed += report(object.get(), record, where, reportedBy);
                    }
                }
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException broken) {
            throw Problem.badField("file", "" + broken.getMessage());
        }
        return new Matched(rows, seen.size(), changed);
    }

    /** The files that the name server gives out say in a line above which time they are of. */
    private static int skipTitle(BufferedReader reader) throws IOException {
        int longest = 4096;
        reader.mark(longest);
        char[] start = new char[longest];
        int read = Math.max(0, reader.read(start));
        String first = new String(start, 0, read).lines().findFirst().orElse("");
        reader.reset();
        if (first.contains("name_prefix") || first.isEmpty()) {
            return 0;
        }
        if (first.contains(",")) {
            throw Problem.badField("file", "no column name_prefix in the first line");
        }
        reader.readLine();
        return 1;
    }

    private int report(SkyPosition object, CSVRecord record, String where, long reportedBy) {
        String designation = record.get("name");
        Outcome outcome;
        try {
            outcome = Outcome.of(
                    KIND,
                    (record.get("name_prefix") + " " + designation).strip(),
                    record.get("type"),
                    designation.matches("[A-Za-z0-9]+") ? ADDRESS + designation : "",
                    at(record));
        } catch (Problem problem) {
            throw Problem.badField("file", where + problem.detail());
        }
        int changed = 0;
        List<CandidateView> ofObject = candidates.ofObject(object.skyObjectId());
        Map<Long, Outcome> known =
                outcomes.byIds(ofObject.stream().map(CandidateView::id).toList());
        for (CandidateView candidate : ofObject) {
            Outcome now = known.get(candidate.id());
            if (now == null || now.kind().equals(KIND)) {
                changed += outcomes.report(candidate.id(), outcome, reportedBy) ? 1 : 0;
            }
        }
        return changed;
    }

    private Instant at(CSVRecord record) {
        for (String column : List.of("lastmodified", "discoverydate")) {
            String text = record.isMapped(column) && record.isSet(column) ? record.get(column) : "";
            try {
                if (!text.isEmpty()) {
                    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
                }
            } catch (DateTimeException notATime) {
                // Then the other one, or now.
            }
        }
        return clock.instant();
    }

    private static Optional<SkyPosition> find(CSVRecord record, Sky sky, String where) {
        for (String name : record.get("internal_names").split(",", -1)) {
            SkyPosition named = sky.byName.get(name.strip());
            if (named != null) {
                return Optional.of(named);
            }
        }
        return sky.nearest(degrees(record, "ra", 360, where), degrees(record, "declination", 90, where));
    }

    /** NaN where there is none. */
    private static double degrees(CSVRecord record, String column, double most, String where) {
        String text = record.get(column);
        if (text.isEmpty()) {
            return Double.NaN;
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException notOne) {
            value = Double.NaN;
        }
        if (!(Math.abs(value) <= most)) {
            throw Problem.badField("file", where + "got " + column + " \"" + text + "\", need decimal degrees");
        }
        return value;
    }

    private Sky sky(long projectId) {
        List<SkyPosition> all = new ArrayList<>();
        long after = 0;
        List<SkyPosition> page;
        do {
            page = candidates.positions(projectId, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1).skyObjectId();
        } while (page.size() == PAGE && all.size() < MOST_OBJECTS);
        return new Sky(all);
    }

    /** A project's objects by name, and by place. */
    static final class Sky {
        private final Map<String, SkyPosition> byName = new HashMap<>();
        private final List<SkyPosition> byDec;

        Sky(List<SkyPosition> objects) {
            objects.forEach(one -> byName.putIfAbsent(one.objectId(), one));
            byDec = objects.stream()
                    .sorted(Comparator.comparingDouble(SkyPosition::decDeg))
                    .toList();
        }

        /** The nearest object within {@link #WITHIN_ARCSEC}; none for a place that is NaN. */
        Optional<SkyPosition> nearest(double raDeg, double decDeg) {
            if (Double.isNaN(raDeg) || Double.isNaN(decDeg)) {
                return Optional.empty();
            }
            SkyPosition best = null;
            double least = WITHIN_ARCSEC;
            for (int i = from(decDeg - WITHIN_ARCSEC / 3600);
                    i < byDec.size() && byDec.get(i).decDeg() <= decDeg + WITHIN_ARCSEC / 3600;
                    i++) {
                double apart = arcsec(raDeg, decDeg, byDec.get(i));
                if (apart <= least) {
                    least = apart;
                    best = byDec.get(i);
                }
            }
            return Optional.ofNullable(best);
        }

        private int from(double decDeg) {
            int low = 0;
            int high = byDec.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (byDec.get(middle).decDeg() < decDeg) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** By haversines: exact at an arcsecond, where the cosine of the separation is 1 to all digits. */
        private static double arcsec(double raDeg, double decDeg, SkyPosition other) {
            double dec = Math.toRadians(decDeg);
            double otherDec = Math.toRadians(other.decDeg());
            double up = Math.sin((otherDec - dec) / 2);
            double along = Math.sin(Math.toRadians(other.raDeg() - raDeg) / 2);
            double h = up * up + Math.cos(dec) * Math.cos(otherDec) * along * along;
            return Math.toDegrees(2 * Math.asin(Math.min(1, Math.sqrt(h)))) * 3600;
        }
    }
}
