package org.skysieve.ingest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.Added;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertSink;
import org.skysieve.platform.Sql;

/**
 * One run: gathers packets and rejects and commits them batch by batch, each with the run's counts, so that the counts
 * are what the tables hold even if the process dies. Not thread-safe.
 */
final class IngestRun implements AlertSink {
    private static final int MAX_REASON = 1000;
    private static final int MAX_SOURCE = 500;

    private final long projectId;
    private final long id;
    private final Sql sql;
    private final Candidates candidates;
    private final Counters counters;
    private final IngestConfig config;
    private final IngestProgress progress;

    private final List<AlertPacket> packets = new ArrayList<>();
    private final List<@Nullable Object[]> deadLetters = new ArrayList<>();
    private int rejectedInBatch;
    private long keptDeadLetters;
    private IngestReport report;

    IngestRun(
            long projectId,
            IngestReport report,
            Sql sql,
            Candidates candidates,
            Counters counters,
            IngestConfig config,
            IngestProgress progress) {
        this.projectId = projectId;
        this.id = report.id();
        this.report = report;
        this.sql = sql;
        this.candidates = candidates;
        this.counters = counters;
        this.config = config;
        this.progress = progress;
    }

    @Override
    public void accepted(String source, AlertPacket packet) {
        packets.add(packet);
        flushFull();
    }

    @Override
    public void rejected(String source, String reason, byte[] raw) {
        rejectedInBatch++;
        if (keptDeadLetters < config.maxDeadLetters()) {
            keptDeadLetters++;
            deadLetters.add(
                    new Object[] {projectId, id, text(source, MAX_SOURCE), text(reason, MAX_REASON), raw.clone()});
        }
        flushFull();
    }

    private void flushFull() {
        if (packets.size() + rejectedInBatch >= config.batch()) {
            flush();
        }
    }

    /** Commits what was gathered. If that fails the batch is kept, so that it can be tried again. */
    void flush() {
        if (packets.isEmpty() && rejectedInBatch == 0) {
            return;
        }
        List<AlertPacket> batch = List.copyOf(packets);
        Added added = QuarkusTransaction.requiringNew().call(() -> {
            Added result = candidates.add(projectId, batch);
            sql.batch(
                    "INSERT INTO dead_letter (project_id, ingest_run_id, source, reason, raw) VALUES (?, ?, ?, ?, ?)",
                    deadLetters);
            sql.update(
                    "UPDATE ingest_run SET accepted = accepted + ?, duplicates = duplicates + ?, rejected = rejected + ?"
                            + " WHERE id = ?",
                    result.candidateIds().size(),
                    result.duplicates(),
                    rejectedInBatch,
                    id);
            return result;
        });
        counters.count(added.candidateIds().size(), added.duplicates(), rejectedInBatch);
        report = new IngestReport(
                id,
                report.source(),
                report.startedAt(),
                null,
                report.accepted() + added.candidateIds().size(),
                report.duplicates() + added.duplicates(),
                report.rejected() + rejectedInBatch);
        packets.clear();
        deadLetters.clear();
        rejectedInBatch = 0;
        progress.committed(report);
    }

    /** Drops what was gathered and not committed: the same packets are coming once more. */
    void forget() {
        packets.clear();
        keptDeadLetters -= deadLetters.size();
        deadLetters.clear();
        rejectedInBatch = 0;
    }

    IngestReport finish(Clock clock) {
        flush();
        return close(clock);
    }

    /** Marks the run as over with what was committed. */
    IngestReport close(Clock clock) {
        report = new IngestReport(
                id,
                report.source(),
                report.startedAt(),
                clock.instant(),
                report.accepted(),
                report.duplicates(),
                report.rejected());
        sql.update("UPDATE ingest_run SET finished_at = ? WHERE id = ?", report.finishedAt(), id);
        return report;
    }

    static String text(String value, int longest) {
        // PostgreSQL's text holds no NUL; broken bytes in a name must not break the dead letter.
        String clean = value.replace('\0', '?');
        return clean.length() <= longest ? clean : clean.substring(0, longest - 3) + "...";
    }

    /** Packets by what became of them. */
    static final class Counters {
        private final Counter accepted;
        private final Counter duplicates;
        private final Counter rejected;

        Counters(MeterRegistry registry) {
            accepted = counter(registry, "accepted");
            duplicates = counter(registry, "duplicate");
            rejected = counter(registry, "rejected");
        }

        private static Counter counter(MeterRegistry registry, String outcome) {
            return Counter.builder("skysieve.ingest.packets")
                    .description("alert packets read, by what became of them")
                    .baseUnit("packets")
                    .tag("outcome", outcome)
                    .register(registry);
        }

        void count(int newOnes, int known, int bad) {
            accepted.increment(newOnes);
            duplicates.increment(known);
            rejected.increment(bad);
        }
    }
}
