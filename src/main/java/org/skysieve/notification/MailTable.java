package org.skysieve.notification;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * The rows of subscriptions.
 *
 * <pre>
 * none --want--> waiting --confirm--> due daily --claim--> in hand --sent or given up--> due in a day
 *                   |  48 h              |                   |-- no news --> due in an hour
 *                   v                    v                   |-- failed ---> due in 5, 20, 80 minutes
 *                 none <---end, stop, erasure               crash: due in a day, with the same news
 * </pre>
 */
@ApplicationScoped
class MailTable {
    static final Duration DAY = Duration.ofDays(1);
    static final Duration LINK_LIVES = Duration.ofHours(48);

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration STOP_LIVES = Duration.ofDays(400);
    private static final int A_DAY_BY_ACCOUNT = 3;
    private static final int A_DAY_TO_ADDRESS = 3;
    private static final int A_WEEK_TO_ADDRESS = 6;

    /**
     * A subscription in hand.
     *
     * @param toldUntil news after this are news
     * @param nextAt what the claim wrote: whoever finds another value there has lost it
     * @param failures in a row before this
     */
    record Due(
            long volunteerId,
            String address,
            Language language,
            boolean talk,
            boolean outcomes,
            Instant toldUntil,
            Instant nextAt,
            int failures) {}

    private final Sql sql;
    private final MailConfig config;

    MailTable(Sql sql, MailConfig config) {
        this.sql = sql;
        this.config = config;
    }

    Optional<MailSubscription> find(long volunteerId) {
        return sql.first(
                "SELECT * FROM mail_subscription WHERE volunteer_id = ?",
                row -> new MailSubscription(
                        row.getString("address"),
                        Sql.instantOrNull(row, "confirmed_at"),
                        row.getString("wanted"),
                        row.getString("language"),
                        row.getBoolean("talk"),
                        row.getBoolean("outcomes"),
                        Sql.instantOrNull(row, "last_sent_at")),
                volunteerId);
    }

    /**
     * Notes an address that is to be confirmed, in place of an earlier one that waits.
     *
     * @throws Problem 429 past one of the bounds: 3 a day by an account, 3 a day and 6 a week to an address, and the hour's
     */
    @Transactional
    void want(
            long volunteerId,
            MailAddress address,
            Language language,
            boolean talk,
            boolean outcomes,
            byte[] token,
            byte[] stop,
            Instant now) {
        // One at a time: two requests in the same instant would each see the other's count without the other.
        sql.query("SELECT pg_advisory_xact_lock(hashtextextended('skysieve.mail', 0))", row -> true);
        byte[] mailbox = address.mailbox();
        if (asked("volunteer_id = ?", volunteerId, now.minus(DAY)) >= A_DAY_BY_ACCOUNT) {
            throw Problem.tooManyRequests(
                    "you asked for " + A_DAY_BY_ACCOUNT + " confirmations today: come back tomorrow");
        }
        if (asked("address_hash = ?", mailbox, now.minus(DAY)) >= A_DAY_TO_ADDRESS
                || asked("address_hash = ?", mailbox, now.minus(WEEK)) >= A_WEEK_TO_ADDRESS) {
            throw Problem.tooManyRequests("this address was sent enough confirmations: come back in some days");
        }
        if (asked("?", true, now.minus(Duration.ofHours(1))) >= config.confirmationsAnHour()) {
            throw Problem.tooManyRequests("too many confirmations are asked for at the moment: come back in an hour");
        }
        sql.update(
                "INSERT INTO mail_request (address_hash, volunteer_id, asked_at) VALUES (?, ?, ?)",
                mailbox,
                volunteerId,
                now);
        sql.update(
                """
                INSERT INTO mail_subscription AS s (volunteer_id, wanted, wanted_hash, wanted_until, language, talk, outcomes,
                                                    told_until, next_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (volunteer_id) DO UPDATE SET wanted = excluded.wanted, wanted_hash = excluded.wanted_hash,
                    wanted_until = excluded.wanted_until, language = excluded.language, talk = excluded.talk,
                    outcomes = excluded.outcomes
                """,
                volunteerId,
                address.text(),
                token,
                now.plus(LINK_LIVES),
                language.tag(),
                talk,
                outcomes,
                now,
                now);
        sql.update(
                "INSERT INTO mail_stop (token_hash, volunteer_id, made_at) VALUES (?, ?, ?)", stop, volunteerId, now);
    }

    private int asked(String which, Object value, Instant since) {
        return sql.one(
                "SELECT count(*)::int FROM mail_request WHERE " + which + " AND asked_at > ?",
                row -> row.getInt(1),
                value,
                since);
    }

    /** Takes the address to which a token was sent; the first digest comes a day later at the earliest. */
    @Transactional
    boolean confirm(byte[] token, Instant now) {
        return sql.update("""
                        UPDATE mail_subscription SET address = wanted, confirmed_at = ?::timestamptz, wanted = NULL,
                            wanted_hash = NULL, wanted_until = NULL, told_until = ?, next_at = ?, failures = 0
                        WHERE wanted_hash = ? AND wanted_until > ?
                        """, now, now, now.plus(DAY), token, now) == 1;
    }

    @Transactional
    boolean choose(long volunteerId, Language language, boolean talk, boolean outcomes) {
        return sql.update(
                        "UPDATE mail_subscription SET language = ?, talk = ?, outcomes = ? WHERE volunteer_id = ?",
                        language.tag(),
                        talk,
                        outcomes,
                        volunteerId)
                == 1;
    }

    /** Forgets the address, and all links. */
    @Transactional
    void end(long volunteerId) {
        sql.update("DELETE FROM mail_subscription WHERE volunteer_id = ?", volunteerId);
    }

    /** As {@link #end}, by a link of any mail; nothing for a link that is none any more. */
    @Transactional
    void stop(byte[] token) {
        sql.update(
                "DELETE FROM mail_subscription WHERE volunteer_id IN (SELECT volunteer_id FROM mail_stop WHERE token_hash = ?)",
                token);
    }

    /** Takes up to {@code most} that are due in hand; no other process gets them. */
    @Transactional
    List<Due> claim(Instant now, int most) {
        return sql.query("""
                UPDATE mail_subscription s SET next_at = ? FROM (
                    SELECT m.volunteer_id FROM mail_subscription m JOIN volunteer v ON v.id = m.volunteer_id
                    WHERE m.address IS NOT NULL AND m.next_at <= ? AND v.kind = 'account' AND v.username NOT LIKE 'erased:%'
                    ORDER BY m.next_at, m.volunteer_id LIMIT ? FOR UPDATE OF m SKIP LOCKED) AS due
                WHERE s.volunteer_id = due.volunteer_id
                RETURNING s.*
                """, MailTable::due, now.plus(DAY), now, most);
    }

    private static Due due(ResultSet row) throws SQLException {
        return new Due(
                row.getLong("volunteer_id"),
                Objects.requireNonNull(row.getString("address")),
                Language.of(row.getString("language")).orElse(Language.ENGLISH),
                row.getBoolean("talk"),
                row.getBoolean("outcomes"),
                Sql.instant(row, "told_until"),
                Sql.instant(row, "next_at"),
                row.getInt("failures"));
    }

    /** Notes the link that ends the mails, unless they were ended or the address changed since the claim. */
    @Transactional
    boolean stillWanted(Due due, byte[] stop, Instant now) {
        return sql.update(
                        "INSERT INTO mail_stop (token_hash, volunteer_id, made_at)"
                                + " SELECT ?, s.volunteer_id, ?::timestamptz FROM mail_subscription s"
                                + " WHERE s.volunteer_id = ? AND s.next_at = ? AND s.address = ?",
                        stop,
                        now,
                        due.volunteerId(),
                        due.nextAt(),
                        due.address())
                == 1;
    }

    @Transactional
    void sent(Due due, Instant toldUntil, Instant now) {
        sql.update(
                "UPDATE mail_subscription SET told_until = ?, last_sent_at = ?, failures = 0"
                        + " WHERE volunteer_id = ? AND next_at = ?",
                toldUntil,
                now,
                due.volunteerId(),
                due.nextAt());
    }

    /** Gives one back without a mail. */
    @Transactional
    void later(Due due, Instant nextAt, int failures) {
        sql.update(
                "UPDATE mail_subscription SET next_at = ?, failures = ? WHERE volunteer_id = ? AND next_at = ?",
                nextAt,
                failures,
                due.volunteerId(),
                due.nextAt());
    }

    /** Forgets addresses that nobody confirmed, requests after a week and links after 400 days. */
    @Transactional
    void purge(Instant now) {
        sql.update("DELETE FROM mail_subscription WHERE address IS NULL AND wanted_until < ?", now);
        sql.update(
                "UPDATE mail_subscription SET wanted = NULL, wanted_hash = NULL, wanted_until = NULL WHERE wanted_until < ?",
                now);
        sql.update("DELETE FROM mail_request WHERE asked_at < ?", now.minus(WEEK));
        sql.update("DELETE FROM mail_stop WHERE made_at < ?", now.minus(STOP_LIVES));
    }

    /** Forgets a person; that their address was written to stays for the week, without them. */
    void erase(long volunteerId) {
        sql.update("DELETE FROM mail_subscription WHERE volunteer_id = ?", volunteerId);
        sql.update("UPDATE mail_request SET volunteer_id = NULL WHERE volunteer_id = ?", volunteerId);
    }
}
