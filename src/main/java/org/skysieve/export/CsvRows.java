package org.skysieve.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * CSV by RFC 4180: a header, commas, CRLF, quotes where needed, UTF-8 without a byte order mark. An empty field means
 * "not there".
 *
 * <p>A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers are left alone.
 */
final class CsvRows implements RowWriter {
    private static final int BUFFER = 1 << 15;
    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private final CSVPrinter printer;

    CsvRows(OutputStream out, List<String> names) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setQuoteMode(QuoteMode.MINIMAL)
                .setHeader(names.toArray(String[]::new))
                .get();
        printer =
                new CSVPrinter(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER), format);
    }

    @Override
    public void write(@Nullable Object[] values) throws IOException {
        for (Object value : values) {
            printer.print(cell(value));
        }
        printer.println();
    }

    @Override
    public void finish() throws IOException {
        printer.flush();
    }

    private static @Nullable Object cell(@Nullable Object value) {
        if (value instanceof String text) {
            return harmless(text);
        }
        if (value instanceof Column.Id id) {
            return id.value();
        }
        if (value instanceof Double number && !Double.isFinite(number)
                || value instanceof Float real && !Float.isFinite(real)) {
            return null;
        }
        return value;
    }

    static String harmless(String text) {
        return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
