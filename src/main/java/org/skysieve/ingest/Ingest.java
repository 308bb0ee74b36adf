package org.skysieve.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.platform.Sql;

/**
 * The door by which alerts come in: from files, directories, archives and streams of bytes. Reading the same packets
 * again adds nothing. A bad packet becomes a dead letter with its reason and stops nothing.
 */
@ApplicationScoped
public class Ingest {
    private static final String SELECT =
            "SELECT id, source, started_at, finished_at, accepted, duplicates, rejected FROM ingest_run";

    private final Sql sql;
    private final Candidates candidates;
    private final IngestConfig config;
    private final Clock clock;
    private final IngestRun.Counters counters;

    Ingest(Sql sql, Candidates candidates, IngestConfig config, Clock clock, MeterRegistry registry) {
        this.sql = sql;
        this.candidates = candidates;
        this.config = config;
        this.clock = clock;
        this.counters = new IngestRun.Counters(registry);
    }

    /**
     * Reads a stream to its end and commits in batches; outside of any transaction.
     *
     * @param source the file's name, shown to people
     * @param startedBy the volunteer who sent it, if any
     */
    public IngestReport run(
            long projectId, String source, InputStream in, OptionalLong startedBy, IngestProgress progress) {
        IngestRun run = start(projectId, source, startedBy, progress);
        try {
            AlertReader.read(source, in, run);
            return run.finish(clock);
        } catch (RuntimeException | Error e) {
            closeQuietly(run, e);
            throw e;
        }
    }

    /**
     * Reads a file, an archive, or a directory with all below it.
     *
     * @throws IOException if {@code path} does not exist or cannot be listed
     */
    public IngestReport run(long projectId, Path path, OptionalLong startedBy, IngestProgress progress)
            throws IOException {
        IngestRun run = start(projectId, String.valueOf(path.getFileName()), startedBy, progress);
        try {
            AlertReader.read(path, run);
            return run.finish(clock);
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(run, e);
            throw e;
        }
    }

    /** A run without an end of its own, fed packet by packet. */
    IngestRun start(long projectId, String source, OptionalLong startedBy, IngestProgress progress) {
        Instant now = clock.instant();
        @Nullable Long by = startedBy.isPresent() ? startedBy.getAsLong() : null;
        String shown = IngestRun.text(source, 300);
        long id = sql.one(
                "INSERT INTO ingest_run (project_id, source, started_by, started_at) VALUES (?, ?, ?, ?) RETURNING id",
                row -> row.getLong(1),
                projectId,
                shown,
                by,
                now);
        return new IngestRun(
                projectId,
                new IngestReport(id, shown, now, null, 0, 0, 0),
                sql,
                candidates,
                counters,
                config,
                progress);
    }

    private void closeQuietly(IngestRun run, Throwable failure) {
        try {
            run.close(clock);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    public Optional<IngestReport> find(long runId) {
        return sql.first(SELECT + " WHERE id = ?", Ingest::report, runId);
    }

    /** A project's runs, the newest first. */
    List<IngestReport> before(long projectId, long beforeId, int limit) {
        return sql.query(
                SELECT + " WHERE project_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
                Ingest::report,
                projectId,
                beforeId,
                limit);
    }

    private static IngestReport report(ResultSet row) throws SQLException {
        return new IngestReport(
                row.getLong("id"),
                row.getString("source"),
                Sql.instant(row, "started_at"),
                Sql.instantOrNull(row, "finished_at"),
                row.getLong("accepted"),
                row.getLong("duplicates"),
                row.getLong("rejected"));
    }
}
