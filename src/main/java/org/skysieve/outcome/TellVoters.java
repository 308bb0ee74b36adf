package org.skysieve.outcome;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;

/** Tells the accounts that voted on a candidate what it was: the first 500, and each one notice a candidate. */
@ApplicationScoped
class TellVoters implements OutboxConsumer<OutcomeReported> {
    private static final int MOST = 500;
    /** Each stands for up to 500 rows. */
    private static final int BATCH = 20;

    private final Sql sql;
    private final Clock clock;

    TellVoters(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "outcome.notices";
    }

    @Override
    public Class<OutcomeReported> eventType() {
        return OutcomeReported.class;
    }

    @Override
    public int most() {
        return BATCH;
    }

    @Override
    public void accept(List<OutcomeReported> events) {
        for (OutcomeReported event : events) {
            // It may have been taken back meanwhile: then there is nothing to tell.
            sql.update("""
                    INSERT INTO outcome_notice (volunteer_id, candidate_id, told_at)
                    SELECT v.id, u.candidate_id, ?::timestamptz
                    FROM candidate_outcome u
                         JOIN (SELECT DISTINCT volunteer_id FROM classification e
                               WHERE candidate_id = ? AND answer IS NOT NULL
                                 AND NOT EXISTS (SELECT FROM classification later WHERE later.supersedes = e.id)
                               ORDER BY volunteer_id LIMIT ?) AS voted ON true
                         JOIN volunteer v ON v.id = voted.volunteer_id
                    WHERE u.candidate_id = ? AND v.kind = 'account' AND v.username NOT LIKE 'erased:%'
                    ORDER BY v.id
                    ON CONFLICT (volunteer_id, candidate_id) DO UPDATE SET read = false, told_at = excluded.told_at
                    """, clock.instant(), event.candidateId(), MOST, event.candidateId());
        }
    }
}
