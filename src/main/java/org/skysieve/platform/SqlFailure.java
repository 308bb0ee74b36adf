package org.skysieve.platform;

import java.sql.SQLException;

/** A statement failed; the cause has the server's words. */
public final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SqlFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** The five characters of the SQL standard, or "" where the driver gave none. */
    public String sqlState() {
        String state = getCause() instanceof SQLException sql ? sql.getSQLState() : null;
        return state == null ? "" : state;
    }

    /** A unique constraint or index was hit. */
    public boolean isUniqueViolation() {
        return sqlState().equals("23505");
    }

    /** The same work may succeed later: connection lost, server shutting down or full, deadlock, serialization. */
    public boolean isTransient() {
        String state = sqlState();
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53") || state.startsWith("40");
    }

    /** Whether {@code failure} or one of its causes is transient in this sense. */
    static boolean isTransient(Throwable failure) {
        Throwable cause = failure;
        // Bounded: a chain of causes may be a ring.
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof SQLException sql && new SqlFailure(sql).isTransient()) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
