package org.skysieve.effort;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** Certificates have a name on them: they go with their account, and so do the days of being here. */
@ApplicationScoped
class ForgetEfforts implements OutboxConsumer<AccountErased> {
    private final Sql sql;

    ForgetEfforts(Sql sql) {
        this.sql = sql;
    }

    @Override
    public String name() {
        return "effort.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        for (AccountErased event : events) {
            sql.update("DELETE FROM certificate WHERE volunteer_id = ?", event.volunteerId());
            sql.update("DELETE FROM presence WHERE volunteer_id = ?", event.volunteerId());
        }
    }
}
