package org.skysieve.ingest;

/** Is told after every committed batch; on the ingesting thread, so be quick. */
@FunctionalInterface
public interface IngestProgress {
    IngestProgress NONE = report -> {};

    void committed(IngestReport soFar);
}
