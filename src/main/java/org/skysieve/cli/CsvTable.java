package org.skysieve.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file with a header, read row by row as people's programs write it: with or without a byte order mark (UTF-8,
 * UTF-16), quotes, CRLF, blank lines; columns in any order, more of them than wanted, separated by commas, tabs or
 * semicolons (whichever the header has).
 */
final class CsvTable implements AutoCloseable {
    /** Each time costs a pass over the file up to there. */
    private static final int MOST_RESUMED = 100;

    private final Path file;
    private final List<String> header;
    private CSVParser parser;
    private Iterator<CSVRecord> records;
    private CSVRecord record;
    /** Lines before the first one that the parser has seen. */
    private long skipped;

    private int resumed;

    /** Of the row; 0 until somebody asks. */
    private long line;

    private int[] wanted = {};

    private CsvTable(Path file, CSVParser parser) {
        this.file = file;
        this.parser = parser;
        this.records = parser.iterator();
        if (!records.hasNext()) {
            throw new IllegalArgumentException(file + ": the file is empty; need a header and rows");
        }
        this.record = records.next();
        this.header = record.stream().map(String::strip).toList();
    }

    static CsvTable open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such file");
        }
        return new CsvTable(file, parser(file, 0));
    }

    /** A parser of what follows the first {@code skip} lines. */
    private static CSVParser parser(Path file, long skip) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            Charset charset = charset(in);
            CSVFormat format = CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(separator(in, charset))
                    .setIgnoreSurroundingSpaces(true)
                    .setTrailingData(true)
                    .setLenientEof(true)
                    .get();
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, charset), 1 << 16);
            for (long line = 0; line < skip; line++) {
                reader.readLine();
            }
            return CSVParser.builder().setReader(reader).setFormat(format).get();
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
    }

    /** Reads past the byte order mark, if there is one. */
    private static Charset charset(InputStream in) throws IOException {
        in.mark(3);
        int first = in.read();
        int second = in.read();
        if (first == 0xFE && second == 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        if (first == 0xFF && second == 0xFE) {
            return StandardCharsets.UTF_16LE;
        }
        if (!(first == 0xEF && second == 0xBB && in.read() == 0xBF)) {
            in.reset();
        }
        return StandardCharsets.UTF_8;
    }

    /** The first of comma, tab and semicolon that the first line has; a comma when it has none. */
    private static char separator(InputStream in, Charset charset) throws IOException {
        int bound = 1 << 15;
        in.mark(bound);
        String start = new String(in.readNBytes(bound), charset);
        in.reset();
        String line = start.lines().filter(text -> !text.isBlank()).findFirst().orElse("");
        for (char candidate : new char[] {',', '\t', ';'}) {
            if (line.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    Path file() {
        return file;
    }

    /** The names of the columns, in their order. */
    List<String> header() {
        return header;
    }

    boolean has(String column) {
        return find(column) >= 0;
    }

    /**
     * Chooses the columns that {@link #get} is to number 0, 1, ...; upper and lower case are the same.
     *
     * @throws IllegalArgumentException when one is missing
     */
    CsvTable columns(String... names) {
        int[] found = new int[names.length];
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            found[i] = find(names[i]);
            if (found[i] < 0) {
                missing.add(names[i]);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(file + ":" + line() + ": the header has " + String.join(", ", header)
                    + "; need " + String.join(", ", missing));
        }
        wanted = found;
        return this;
    }

    private int find(String column) {
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).toLowerCase(Locale.ROOT).equals(column.toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        return -1;
    }

    /** Moves to the next row; false after the last. */
    boolean next() {
        try {
            if (!records.hasNext()) {
                return false;
            }
            record = records.next();
            line = 0;
            return true;
        } catch (UncheckedIOException failure) {
            throw new IllegalArgumentException(
                    file + ":" + (skipped + parser.getCurrentLineNumber()) + ": not readable as CSV: "
                            + failure.getMessage(),
                    failure);
        }
    }

    /** The value in one of the chosen columns, without blanks around it; empty when the row is too short. */
    String get(int column) {
        return wanted[column] < record.size() ? record.get(wanted[column]).strip() : "";
    }

    /** Whether the row has all of the chosen columns. */
    boolean isComplete() {
        for (int column : wanted) {
            if (column >= record.size()) {
                return false;
            }
        }
        return true;
    }

    /** How many columns the row has. */
    int size() {
        return record.size();
    }

    /** The line on which the row starts, from 1. */
    long line() {
        if (line == 0) {
            line = skipped + parser.getCurrentLineNumber() - breaks();
            // A quote left open until the end of the file holds its last line break too, which ends no further line.
            if (record.get(record.size() - 1).endsWith("\n") && !records.hasNext()) {
                line++;
            }
        }
        return line;
    }

    private long breaks() {
        long breaks = 0;
        for (String value : record) {
            breaks += value.chars().filter(c -> c == '\n').count();
        }
        return breaks;
    }

    /** Whether a value of the row holds a line break. */
    boolean spansLines() {
        return breaks() > 0;
    }

    /** Takes the next row from the line after the one on which this row starts, though it went on: a quote was left open. */
    void resumeOnNextLine() throws IOException {
        if (resumed++ >= MOST_RESUMED) {
            return;
        }
        skipped = line();
        parser.close();
        parser = parser(file, skipped);
        records = parser.iterator();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
