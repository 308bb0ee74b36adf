package org.skysieve.talk;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.account.AccountErased;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** What somebody wrote goes with their account; answers of others stay. */
@ApplicationScoped
class ForgetAuthors implements OutboxConsumer<AccountErased> {
    private static final String GONE = "*(erased by its author)*";

    private final Sql sql;

    ForgetAuthors(Sql sql) {
        this.sql = sql;
    }

    @Override
    public String name() {
        return "talk.erasures";
    }

    @Override
    public Class<AccountErased> eventType() {
        return AccountErased.class;
    }

    @Override
    public void accept(List<AccountErased> events) {
        for (AccountErased event : events) {
            long author = event.volunteerId();
            String own = "(SELECT id FROM talk_comment WHERE volunteer_id = ?)";
            sql.update("DELETE FROM talk_edit WHERE comment_id IN " + own, author);
            sql.update("DELETE FROM talk_tag WHERE comment_id IN " + own, author);
            sql.update("UPDATE talk_comment SET body = ? WHERE volunteer_id = ?", GONE, author);
            sql.update("UPDATE talk_discussion SET title = '(erased)' WHERE started_by = ? AND title <> ''", author);
            sql.update("DELETE FROM talk_notice WHERE volunteer_id = ?", author);
            sql.update("DELETE FROM talk_subscription WHERE volunteer_id = ?", author);
            sql.update("UPDATE talk_report SET reason = '(erased)' WHERE by_id = ?", author);
        }
    }
}
