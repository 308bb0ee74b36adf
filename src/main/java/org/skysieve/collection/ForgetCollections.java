package org.skysieve.collection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** What somebody kept goes with their account. */
@ApplicationScoped
class ForgetCollections implements OutboxConsumer<AccountErased> {
    private final Sql sql;

    ForgetCollections(Sql sql) {
        this.sql = sql;
    }

    @Override
    public String name() {
        return "collection.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        for (AccountErased event : events) {
            sql.update("DELETE FROM favourite WHERE volunteer_id = ?", event.volunteerId());
            sql.update("DELETE FROM collection WHERE volunteer_id = ?", event.volunteerId());
        }
    }
}
