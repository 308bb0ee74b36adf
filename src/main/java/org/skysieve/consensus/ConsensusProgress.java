package org.skysieve.consensus;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Sql;

/** The door to how far the consensus has come. */
@ApplicationScoped
public class ConsensusProgress {
    private static final long POLL_MILLIS = 25;

    private final ConsensusStore store;
    private final ClassificationLog log;
    private final Sql sql;
    private final Doorbell doorbell;

    ConsensusProgress(ConsensusStore store, ClassificationLog log, Sql sql, Doorbell doorbell) {
        this.store = store;
        this.log = log;
        this.sql = sql;
        this.doorbell = doorbell;
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

    /**
     * Has everything fitted anew from all that is final in the log now, and waits for it. (What is committed is final as
     * soon as no older transaction is still writing: milliseconds.) The consumer does it, in whatever
     * process it runs, so that the refit has its place in the order and a rebuild repeats it. Not within a transaction:
     * nobody would see what is asked.
     *
     * @return false where it was not done within {@code patience}; the live posteriors are there all the same
     */
    public boolean refit(long workflowId, Duration patience) throws InterruptedException {
        long number = QuarkusTransaction.requiringNew().call(() -> store.wantRefit(workflowId));
        doorbell.ring(ConsensusRunner.TOPIC);
        long end = System.nanoTime() + patience.toNanos();
        while (store.refits(workflowId).done() < number) {
            if (System.nanoTime() >= end) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
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
