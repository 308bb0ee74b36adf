package org.skysieve.consensus;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.platform.Sql;

/** The door to how far the consensus has come. */
@ApplicationScoped
public class ConsensusProgress {
    private final ConsensusStore store;
    private final ClassificationLog log;
    private final Sql sql;

    ConsensusProgress(ConsensusStore store, ClassificationLog log, Sql sql) {
        this.store = store;
        this.log = log;
        this.sql = sql;
    }

    /**
     * @param entries committed entries of the log: votes, edits, undos
     * @param applied how many of them the consensus holds
     * @param lag how many it does not, gold standards that wait included
     */
    public record Status(long entries, long applied, long lag) {}

    public Status status(long workflowId) {
        long entries = log.count(workflowId);
        long unread = log.countAfter(workflowId, store.place(workflowId).log());
        return new Status(entries, Math.max(0, entries - unread), unread + pendingGold(workflowId));
    }

    /** How many entries are committed and not yet applied. */
    public long lag(long workflowId) {
        return log.countAfter(workflowId, store.place(workflowId).log()) + pendingGold(workflowId);
    }

    private long pendingGold(long workflowId) {
        return sql.one(
                "SELECT (SELECT count(*) FROM consensus_gold_inbox WHERE workflow_id = ?)"
                        + " + (SELECT count(*) FROM outbox o JOIN outbox_cursor k ON k.consumer = 'consensus.gold'"
                        + " WHERE o.event_type = 'GoldStandardSet' AND (o.written_by, o.id) > (k.written_by, k.id)"
                        + " AND (o.payload ->> 'workflowId')::bigint = ?)",
                row -> row.getLong(1),
                workflowId,
                workflowId);
    }
}
