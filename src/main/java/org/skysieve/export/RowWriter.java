package org.skysieve.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one export, one at a time. It never closes its stream: only what is complete may look so to the
 * reader, and a stream left open by a failure is cut off.
 */
interface RowWriter {
    /**
     * Writes a row.
     *
     * @param values one for each column, of the types that {@link Column.Reader} names
     */
    void write(@Nullable Object[] values) throws IOException;

    /** Writes out what is still held back, after the last row. */
    void finish() throws IOException;

    /** The formats on offer. */
    enum Format {
        CSV("text/csv; charset=utf-8"),
        JSONL("application/x-ndjson");

        final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        RowWriter to(OutputStream out, List<Column> columns) throws IOException {
            List<String> names = columns.stream().map(Column::name).toList();
            return this == CSV ? new CsvRows(out, names) : new JsonRows(out, names);
        }
    }
}
