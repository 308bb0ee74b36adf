package org.skysieve.platform;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.agroal.api.AgroalDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plain SQL. Inside a JTA transaction every call shares the transaction's connection; outside, each statement commits
 * by itself.
 *
 * <p>Parameters may be null, String, Boolean, Integer, Long, Short, Float, Double (NaN becomes NULL), byte[], UUID,
 * Instant, or an array: {@code long[]}, {@code double[]}, {@code float[]}, {@code int[]}, {@code boolean[]},
 * {@code String[]}, {@code UUID[]}, {@code byte[][]}, {@code Long[]} and {@code Integer[]} (with nulls), a collection of
 * Long, which become SQL arrays (use {@code = ANY(?)}). jsonb and xid8 go as strings with a cast: {@code ?::jsonb},
 * {@code ?::xid8}; an array of times as strings, {@code ?::timestamptz[]}.
 */
@ApplicationScoped
public class Sql {
    /** Reads the current row; never calls next(). */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Uses a connection and leaves it open. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    private final AgroalDataSource dataSource;

    Sql(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** All rows, in order. Bound the number of rows in the statement. */
    public <T> List<T> query(String statement, RowReader<T> reader, @Nullable Object... parameters) {
        return with(connection -> {
            try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                bind(prepared, parameters);
                try (ResultSet rows = prepared.executeQuery()) {
                    List<T> all = new ArrayList<>();
                    while (rows.next()) {
                        all.add(reader.read(rows));
                    }
                    return all;
                }
            }
        });
    }

    /** The first row, if any. */
    public <T> Optional<T> first(String statement, RowReader<T> reader, @Nullable Object... parameters) {
        List<T> all = query(statement, reader, parameters);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /**
     * The first row of a statement that always has one, such as {@code SELECT count(*)}.
     *
     * @throws IllegalStateException without a row
     */
    public <T> T one(String statement, RowReader<T> reader, @Nullable Object... parameters) {
        return first(statement, reader, parameters)
                .orElseThrow(() -> new IllegalStateException("no row, need one: " + statement));
    }

    /** Runs INSERT, UPDATE or DELETE; returns the number of rows. */
    public int update(String statement, @Nullable Object... parameters) {
        return with(connection -> {
            try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                bind(prepared, parameters);
                return prepared.executeUpdate();
            }
        });
    }

    /**
     * Runs one statement for each row of parameters in a single round trip; an empty batch does nothing.
     *
     * @return the number of rows of each
     */
    public int[] batch(String statement, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) {
            return new int[0];
        }
        return with(connection -> {
            try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                for (@Nullable Object[] row : rows) {
                    bind(prepared, row);
                    prepared.addBatch();
                }
                return prepared.executeBatch();
            }
        });
    }

    /** Hands out the transaction's connection, or one of its own for the time of the call. */
    public <T extends @Nullable Object> T with(Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Sets all parameters of a statement, by the rules above. */
    public static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        Connection connection = statement.getConnection();
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof Double d) {
            bindDouble(statement, index, d);
        } else if (value instanceof Float f) {
            bindDouble(statement, index, f);
        } else if (value instanceof Instant instant) {
            statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
        } else if (value instanceof String[] strings) {
            statement.setArray(index, connection.createArrayOf("text", strings));
        } else if (value instanceof UUID[] uuids) {
            statement.setArray(index, connection.createArrayOf("uuid", uuids));
        } else if (value instanceof @Nullable Long[] longs) {
            statement.setArray(index, connection.createArrayOf("bigint", longs));
        } else if (value instanceof @Nullable Integer[] integers) {
            statement.setArray(index, connection.createArrayOf("integer", integers));
        } else if (value instanceof byte[][] blobs) {
            statement.setArray(index, connection.createArrayOf("bytea", blobs));
        } else if (value instanceof Collection<?> ids) {
            statement.setArray(index, connection.createArrayOf("bigint", ids.toArray()));
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else {
            // The driver takes long[], double[], float[], int[] and boolean[] as they are.
            statement.setObject(index, value);
        }
    }

    private static void bindDouble(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isNaN(value)) {
            statement.setNull(index, Types.DOUBLE);
        } else {
            statement.setDouble(index, value);
        }
    }

    /** A timestamptz column that is never null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        if (timestamp == null) {
            throw new SQLException("column " + column + " is null, need a time");
        }
        return timestamp.toInstant();
    }

    /** A timestamptz column, or null. */
    public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    /** A bigint column, or null. */
    public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    /** An integer or smallint column, or null. */
    public static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    /** A real or double column; NULL reads as NaN, "not measured". */
    public static double doubleOrNaN(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }

    /** A real column; NULL reads as NaN, "not measured". */
    public static float floatOrNaN(ResultSet row, String column) throws SQLException {
        float value = row.getFloat(column);
        return row.wasNull() ? Float.NaN : value;
    }

    /** A double precision[] column without nulls; NULL reads as an empty array. */
    public static double[] doubles(ResultSet row, String column) throws SQLException {
        Number[] values = numbers(row, column);
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i].doubleValue();
        }
        return result;
    }

    /** A real[] column without nulls, or null. */
    public static float @Nullable [] floatsOrNull(ResultSet row, String column) throws SQLException {
        if (row.getObject(column) == null) {
            return null;
        }
        Number[] values = numbers(row, column);
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i].floatValue();
        }
        return result;
    }

    private static Number[] numbers(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? new Number[0] : (Number[]) array.getArray();
    }
}
