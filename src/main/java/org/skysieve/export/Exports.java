package org.skysieve.export;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;

import jakarta.enterprise.context.ApplicationScoped;

import io.agroal.api.AgroalDataSource;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;
import org.skysieve.platform.SqlFailure;

/**
 * Streams tables out in constant memory: a server-side cursor in one read-only snapshot, so the rows belong to one
 * moment however long the reader takes. Such a transaction writes nothing and so holds nobody's log back.
 */
@ApplicationScoped
class Exports {
    private static final int FETCH_SIZE = 1000;

    private final AgroalDataSource dataSource;
    private final Semaphore places;

    Exports(AgroalDataSource dataSource, ExportConfig config) {
        this.dataSource = dataSource;
        this.places = new Semaphore(config.concurrent());
    }

    /**
     * Takes the place of one export.
     *
     * @throws Problem 503 when all are taken
     */
    Place enter() {
        if (!places.tryAcquire()) {
            throw Problem.unavailable("too many exports are running: try again when one has ended");
        }
        return new Place();
    }

    /** One of the few exports that may run at once; closing gives it back, once. */
    final class Place implements AutoCloseable {
        private boolean open = true;

        private Place() {}

        /**
         * Writes all rows of a table.
         *
         * @return how many rows
         */
        long run(Table table, long workflowId, RowWriter.Format format, OutputStream out) throws IOException {
            try (Connection connection = dataSource.getConnection()) {
                // Cursors live in a transaction only; without one the driver would read all rows at once.
                connection.setAutoCommit(false);
                try (PreparedStatement snapshot =
                        connection.prepareStatement("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")) {
                    snapshot.execute();
                    return stream(connection, table, workflowId, format, out);
                } finally {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                places.release();
            }
        }
    }

    private static long stream(
            Connection connection, Table table, long workflowId, RowWriter.Format format, OutputStream out)
            throws SQLException, IOException {
        List<Column> columns = table.columns();
        @Nullable Object[] values = new Object[columns.size()];
        long count = 0;
        try (PreparedStatement query = connection.prepareStatement(table.statement())) {
            query.setFetchSize(FETCH_SIZE);
            query.setLong(1, workflowId);
            try (ResultSet rows = query.executeQuery()) {
                RowWriter writer = format.to(out, columns);
                while (rows.next()) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = columns.get(i).reader().read(rows);
                    }
                    writer.write(values);
                    count++;
                }
                writer.finish();
            }
        }
        return count;
    }
}
