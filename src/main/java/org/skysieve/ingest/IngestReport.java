package org.skysieve.ingest;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a run of ingest has done so far.
 *
 * @param source the file, archive or topic
 * @param finishedAt null while it runs, and for ever if the process died meanwhile
 * @param accepted packets that became new candidates
 * @param duplicates packets whose candidate the project had already
 * @param rejected packets in the dead letters
 */
public record IngestReport(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        String source,
        Instant startedAt,
        @Nullable Instant finishedAt,
        long accepted,
        long duplicates,
        long rejected) {
    /** Everything that was read. */
    public long total() {
        return accepted + duplicates + rejected;
    }
}
