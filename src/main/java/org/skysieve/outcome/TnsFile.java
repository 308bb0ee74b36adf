package org.skysieve.outcome;

import java.io.BufferedInputStream;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import org.skysieve.candidate.Candidates;
import org.skysieve.candidate.SkyPosition;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;

/**
 * Outcomes from a file of the Transient Name Server's public objects: CSV, or a zip of one CSV file as the server gives it out, with the columns {@code name_prefix}, {@code name},
 * {@code ra}, {@code declination} (degrees), {@code type}, {@code internal_names} (several, by commas) and, for when it became
 * known, {@code lastmodified} or {@code discoverydate}; others are left alone, and so is a line above the names of the
 * columns. An entry is that of a sky object that has one of its internal names, else of the nearest one within 2 arcseconds; of several
 * for one object a name goes before a place, and a nearer place before a farther one.
 * What was reported otherwise than from the name server stays. All entries are taken, or none.
 */
@ApplicationScoped
public class TnsFile {
    static final double WITHIN_ARCSEC = 2;

    private static final int MOST_ROWS = 1_000_000;
    /** The server's own file has 200,000 rows in some 60 MB (2026). */
    private static final long MOST_BYTES = 512L << 20;
    /** Twice the rows: some are empty, some entries have line breaks. */
    private static final int MOST_LINES = 2 * MOST_ROWS;
    /** Other files beside the CSV in a zip. */
    private static final int MOST_OTHERS = 100;

    private static final int LONGEST_NAME = 100;
    private static final int MOST_OBJECTS = 2_000_000;
    private static final int PAGE = 10_000;
    private static final int OBJECTS_AT_ONCE = 1000;
    private static final int TRANSACTION_SECONDS = 600;
    private static final double BY_NAME = -1;
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
     * An entry of the file for an object of the project.
     *
     * @param apart arcseconds; below 0 where it has the object's name
     */
    private record Match(Outcome outcome, double apart) {}

    /**
     * Reads a file to its end, and then writes what it says.
     *
     * @param file CSV, or a zip with one CSV file in it; which one is seen by how it begins
     * @throws Problem 400 past the bounds, for a zip with no or several CSV files, and naming the line for an entry that cannot be read
     */
    public Matched report(ProjectView project, InputStream file, long reportedBy) {
        Sky sky = sky(project.id());
        Map<Long, Match> matches = new LinkedHashMap<>();
        int rows;
        try (BufferedInputStream start = new BufferedInputStream(file)) {
            rows = isZip(start) ? readZip(start, sky, matches) : read(start, sky, matches);
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException broken) {
            throw Problem.badField("file", "" + broken.getMessage());
        }
        int changed =
                QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).call(() -> write(matches, reportedBy));
        return new Matched(rows, matches.size(), changed);
    }

    /** By how it begins: what browsers and programs call a file is not to be relied on. An empty zip begins with its end. */
    private static boolean isZip(BufferedInputStream file) throws IOException {
        file.mark(4);
        byte[] start = file.readNBytes(4);
        file.reset();
        return Arrays.equals(start, new byte[] {'P', 'K', 3, 4}) || Arrays.equals(start, new byte[] {'P', 'K', 5, 6});
    }

    /** Reads the one CSV file of a zip; whatever else is in it is passed over. */
    private int readZip(InputStream file, Sky sky, Map<Long, Match> matches) throws IOException {
        ZipInputStream zip = new ZipInputStream(file, StandardCharsets.UTF_8);
        String csv = null;
        int rows = 0;
        int others = 0;
        long passed = 0;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = entry.getName().substring(0, Math.min(entry.getName().length(), LONGEST_NAME));
            if (!isCsv(name)) {
                passed += pass(zip, MOST_BYTES - passed);
                if (++others > MOST_OTHERS) {
                    throw unexpected("more than " + MOST_OTHERS + " other files");
                }
            } else if (csv != null) {
                throw unexpected("several CSV files, \"" + csv + "\" and \"" + name + "\"");
            } else {
                csv = name;
                rows = read(zip, sky, matches);
            }
        }
        if (csv == null) {
            throw unexpected("no CSV file");
        }
        return rows;
    }

    private static Problem unexpected(String got) {
        return Problem.badField(
                "file", "got a zip with " + got + ", need one CSV file in it, as in tns_public_objects.csv.zip");
    }

    /** What some systems keep beside each file in a folder of their own has its name too. */
    private static boolean isCsv(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".csv") && !name.startsWith("__MACOSX/");
    }

    private static long pass(InputStream entry, long most) throws IOException {
        byte[] scratch = new byte[8192];
        long passed = 0;
        for (int read = entry.read(scratch); read >= 0; read = entry.read(scratch)) {
            passed += read;
            if (passed > most) {
                throw unexpected("more than " + MOST_BYTES + " bytes of other files");
            }
        }
        return passed;
    }

    /** @return entries read */
    private int read(InputStream csv, Sky sky, Map<Long, Match> matches) throws IOException {
        int rows = 0;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new BoundedLines(csv, MOST_BYTES, MOST_LINES), StandardCharsets.UTF_8))) {
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
                    match(record, "line " + (parser.getCurrentLineNumber() + above) + ": ", sky, matches);
                }
            }
        }
        return rows;
    }

    /** The entry of an object is the first that has its name, else the nearest. */
    private void match(CSVRecord record, String where, Sky sky, Map<Long, Match> matches) {
        SkyPosition object = null;
        double apart = BY_NAME;
        for (String name : record.get("internal_names").split(",", -1)) {
            object = object == null ? sky.byName.get(name.strip()) : object;
        }
        double ra = degrees(record, "ra", 360, where);
        double dec = degrees(record, "declination", 90, where);
        if (object == null) {
            object = sky.nearest(ra, dec).orElse(null);
            apart = object == null ? Double.NaN : Sky.arcsec(ra, dec, object);
        }
        if (object != null) {
            Match known = matches.get(object.skyObjectId());
            if (known == null || apart < known.apart) {
                matches.put(object.skyObjectId(), new Match(outcome(record, where), apart));
            }
        }
    }

    private int write(Map<Long, Match> matches, long reportedBy) {
        int changed = 0;
        List<Long> objects = List.copyOf(matches.keySet());
        for (int from = 0; from < objects.size(); from += OBJECTS_AT_ONCE) {
            Map<Long, List<Long>> ids =
                    candidates.idsOfObjects(objects.subList(from, Math.min(objects.size(), from + OBJECTS_AT_ONCE)));
            Map<Long, Outcome> known =
                    outcomes.byIds(ids.values().stream().flatMap(List::stream).toList());
            for (Map.Entry<Long, List<Long>> object : ids.entrySet()) {
                Match match = Objects.requireNonNull(matches.get(object.getKey()));
                for (Long candidate : object.getValue()) {
                    Outcome now = known.get(candidate);
                    if (now == null || now.kind().equals(KIND)) {
                        changed += outcomes.report(candidate, match.outcome, reportedBy) ? 1 : 0;
                    }
                }
            }
        }
        return changed;
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

    private Outcome outcome(CSVRecord record, String where) {
        String designation = record.get("name");
        try {
            return Outcome.of(
                    KIND,
                    (record.get("name_prefix") + " " + designation).strip(),
                    record.get("type"),
                    designation.matches("[A-Za-z0-9]+") ? ADDRESS + designation : "",
                    at(record));
        } catch (Problem problem) {
            throw Problem.badField("file", where + problem.detail());
        }
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
            if (all.size() > MOST_OBJECTS) {
                throw Problem.conflict(
                        "the project has more than " + MOST_OBJECTS + " sky objects, which is the most that"
                                + " a file is matched with: report outcomes one by one");
            }
        } while (page.size() == PAGE);
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
