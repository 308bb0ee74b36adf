package org.skysieve.selection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Doorbell;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;
import org.skysieve.project.RulesChanged;

/** Another mix ranks everything that is open anew, in the background. */
@ApplicationScoped
class RerankQueue implements OutboxConsumer<RulesChanged> {
    private final Sql sql;
    private final Doorbell doorbell;

    RerankQueue(Sql sql, Doorbell doorbell) {
        this.sql = sql;
        this.doorbell = doorbell;
    }

    @Override
    public String name() {
        return "selection.rules";
    }

    @Override
    public Class<RulesChanged> eventType() {
        return RulesChanged.class;
    }

    @Override
    public void accept(List<RulesChanged> events) {
        for (RulesChanged event : events) {
            // Events may come twice: a version that is being ranked by, or has been, does not begin again.
            sql.update(
                    "INSERT INTO reranking AS r (workflow_id, version, after_id) VALUES (?, ?, ?)"
                            + " ON CONFLICT (workflow_id) DO UPDATE SET version = excluded.version,"
                            + " after_id = excluded.after_id, done = false WHERE r.version < excluded.version",
                    event.workflowId(),
                    event.version(),
                    Long.MIN_VALUE);
        }
        doorbell.ring(Reranker.TOPIC);
    }
}
