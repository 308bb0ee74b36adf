package org.skysieve.outcome;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** Notices and visits go with their account; what it reported stays, without its name. */
@ApplicationScoped
class ForgetOutcomes implements OutboxConsumer<AccountErased> {
    private final Sql sql;

    ForgetOutcomes(Sql sql) {
        this.sql = sql;
    }

    @Override
    public String name() {
        return "outcome.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        for (AccountErased event : events) {
            sql.update("DELETE FROM outcome_notice WHERE volunteer_id = ?", event.volunteerId());
            sql.update("DELETE FROM outcome_visit WHERE volunteer_id = ?", event.volunteerId());
            sql.update("UPDATE candidate_outcome SET reported_by = NULL WHERE reported_by = ?", event.volunteerId());
        }
    }
}
