package org.skysieve.export;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/**
 * One column of an export; docs/formats.md says what each means.
 *
 * @param name in CSV and JSON Lines alike
 */
record Column(String name, Reader reader) {
    /** Reads String, Boolean, Integer, Long, Float or Double off the current row; null and NaN for "not there". */
    @FunctionalInterface
    interface Reader {
        @Nullable
        Object read(ResultSet row) throws SQLException;
    }

    /** A 64-bit id: a number in CSV, a string in JSON, whose readers often keep 53 bits only. */
    record Id(long value) {}

    static Column id(String name) {
        return new Column(name, row -> {
            Long value = Sql.longOrNull(row, name);
            return value == null ? null : new Id(value);
        });
    }

    static Column text(String name) {
        return new Column(name, row -> row.getString(name));
    }

    static Column bool(String name) {
        return new Column(name, row -> row.getBoolean(name));
    }

    static Column integer(String name) {
        return new Column(name, row -> Sql.intOrNull(row, name));
    }

    static Column real(String name) {
        return new Column(name, row -> Sql.floatOrNaN(row, name));
    }

    static Column number(String name) {
        return new Column(name, row -> Sql.doubleOrNaN(row, name));
    }

    /** A time as ISO 8601 in UTC. */
    static Column time(String name) {
        return new Column(name, row -> {
            var time = Sql.instantOrNull(row, name);
            return time == null ? null : DateTimeFormatter.ISO_INSTANT.format(time.atOffset(ZoneOffset.UTC));
        });
    }

    /** A class, by the key of its answer. */
    static Column answer(String name, List<String> keys) {
        return new Column(name, row -> {
            Integer answer = Sql.intOrNull(row, name);
            return answer == null ? null : keys.get(answer);
        });
    }
}
