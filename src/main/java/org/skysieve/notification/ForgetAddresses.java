package org.skysieve.notification;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;

/** An address goes with its account. */
@ApplicationScoped
class ForgetAddresses implements OutboxConsumer<AccountErased> {
    private final MailTable table;

    ForgetAddresses(MailTable table) {
        this.table = table;
    }

    @Override
    public String name() {
        return "notification.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        events.forEach(event -> table.erase(event.volunteerId()));
    }
}
