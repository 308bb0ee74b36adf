package org.skysieve.learning;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** Which tutorials somebody has seen goes with their account. */
@ApplicationScoped
class ForgetTutorials implements OutboxConsumer<AccountErased> {
    private final Sql sql;

    ForgetTutorials(Sql sql) {
        this.sql = sql;
    }

    @Override
    public String name() {
        return "learning.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        for (AccountErased event : events) {
            sql.update("DELETE FROM tutorial_seen WHERE volunteer_id = ?", event.volunteerId());
        }
    }
}
