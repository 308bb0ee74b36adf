package org.skysieve.ingest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/** Packets that could not be read, with the reason and how they began. */
@ApplicationScoped
public class DeadLetters {
    private final Sql sql;

    DeadLetters(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param source file, entry of the archive, number of the record
     * @param rawBytes how much of it is kept, at most 64 KiB
     */
    public record DeadLetterView(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long id,

            @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
            Long ingestId,

            String source,
            String reason,
            int rawBytes,
            Instant createdAt) {}

    /** The newest first. */
    public List<DeadLetterView> before(long projectId, long beforeId, int limit) {
        return sql.query(
                "SELECT id, ingest_run_id, source, reason, length(raw) AS raw_bytes, created_at FROM dead_letter"
                        + " WHERE project_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
                DeadLetters::view,
                projectId,
                beforeId,
                limit);
    }

    public long count(long projectId) {
        return sql.one("SELECT count(*) FROM dead_letter WHERE project_id = ?", row -> row.getLong(1), projectId);
    }

    Optional<byte[]> raw(long projectId, long id) {
        return sql.first(
                "SELECT raw FROM dead_letter WHERE project_id = ? AND id = ?", row -> row.getBytes(1), projectId, id);
    }

    private static DeadLetterView view(ResultSet row) throws SQLException {
        return new DeadLetterView(
                row.getLong("id"),
                Sql.longOrNull(row, "ingest_run_id"),
                row.getString("source"),
                row.getString("reason"),
                row.getInt("raw_bytes"),
                Sql.instant(row, "created_at"));
    }
}
