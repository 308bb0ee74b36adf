package org.skysieve.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
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
    private final Path file;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> header;
    private int[] wanted = {};
    private CSVRecord record;

    private CsvTable(Path file, CSVParser parser) {
        this.file = file;
        this.parser = parser;
        this.records = parser.iterator();
        if (!advance()) {
            throw new IllegalArgumentException(file + ": the file is empty; need a header and rows");
        }
        this.header = record.stream().map(String::strip).toList();
    }

    static CsvTable open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such file");
        }
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
            Reader reader = new InputStreamReader(in, charset);
            return new CsvTable(file, CSVParser.builder().setReader(reader).setFormat(format).get());
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
        return advance();
    }

    private boolean advance() {
        try {
            if (!records.hasNext()) {
                return false;
            }
            record = records.next();
            return true;
        } catch (UncheckedIOException failure) {
            throw new IllegalArgumentException(
                    file + ":" + parser.getCurrentLineNumber() + ": not readable as CSV: " + failure.getMessage(),
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
        long breaks = 0;
        for (String value : record) {
            breaks += value.chars().filter(c -> c == '\n').count();
        }
        // Where the last row ends without a line break the parser is still on its line.
        return parser.getCurrentLineNumber() - breaks;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
