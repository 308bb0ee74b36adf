package org.skysieve.consensus;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Doorbell;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandardSet;

/** Lays gold standards where the consensus picks them up, each at one place in the order of the log. */
@ApplicationScoped
class GoldInbox implements OutboxConsumer<GoldStandardSet> {
    private final Sql sql;
    private final Doorbell doorbell;

    GoldInbox(Sql sql, Doorbell doorbell) {
        this.sql = sql;
        this.doorbell = doorbell;
    }

    @Override
    public String name() {
        return "consensus.gold";
    }

    @Override
    public Class<GoldStandardSet> eventType() {
        return GoldStandardSet.class;
    }

    @Override
    public void accept(List<GoldStandardSet> events) {
        List<@Nullable Object[]> rows = new ArrayList<>(events.size());
        for (GoldStandardSet event : events) {
            rows.add(new @Nullable Object[] {event.workflowId(), event.candidateId(), event.answer()});
        }
        sql.batch("INSERT INTO consensus_gold_inbox (workflow_id, candidate_id, answer) VALUES (?, ?, ?)", rows);
        doorbell.ring(ConsensusRunner.TOPIC);
    }
}
