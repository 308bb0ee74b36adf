package org.skysieve.score;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.model.ModelPromoted;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** Another champion scores everything that is open, from the newest candidate down. */
@ApplicationScoped
class ScoreAnew implements OutboxConsumer<ModelPromoted> {
    private final Sql sql;
    private final Doorbell doorbell;

    ScoreAnew(Sql sql, Doorbell doorbell) {
        this.sql = sql;
        this.doorbell = doorbell;
    }

    @Override
    public String name() {
        return "score.promotions";
    }

    @Override
    public Class<ModelPromoted> eventType() {
        return ModelPromoted.class;
    }

    @Override
    public void accept(List<ModelPromoted> events) {
        for (ModelPromoted event : events) {
            sql.update(
                    "INSERT INTO rescoring (workflow_id, model_version_id, before_id) VALUES (?, ?, ?)"
                            + " ON CONFLICT (workflow_id) DO UPDATE SET model_version_id = excluded.model_version_id,"
                            + " before_id = excluded.before_id, done = false",
                    event.workflowId(),
                    event.modelVersionId(),
                    Long.MAX_VALUE);
        }
        doorbell.ring(Scorer.TOPIC);
    }
}
