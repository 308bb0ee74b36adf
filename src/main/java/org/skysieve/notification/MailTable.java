package org.skysieve.notification;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.InstallationKey;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * The rows of subscriptions.
 *
 * <pre>
 * none --want--> waiting --confirm--> due daily --claim--> in hand --sent or given up--> due in a day
 *                   |  48 h, not sent    |                   |-- no news --> due in an hour
 *                   v                    v                   |-- failed ---> due in 5, 20, 80 minutes
 *                 none <---end, stop, erasure               crash, time-out: due in a day, with the same news
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
     * @param tellsUntil up to when the mail tells that failed before this; null if none did
     */
    record Due(
            long volunteerId,
            String address,
            Language language,
            boolean talk,
            boolean outcomes,
            Instant toldUntil,
            Instant nextAt,
            int failures,
            @Nullable Instant tellsUntil) {}

    private final Sql sql;
    private final MailConfig config;
    private final InstallationKey key;

    MailTable(Sql sql, MailConfig config, InstallationKey key) {
        this.sql = sql;
        this.config = config;
        this.key = key;
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
     * @param stop digest of the token that ends this waiting, and the mails once it is over
     * @return which request it is, for {@link #notSent}
     * @throws Problem 429 past one of the bounds: 3 a day by an account, 3 a day and 6 a week to an address, and the hour's
     */
    @Transactional
    long want(
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
        byte[] mailbox = hmac("mail to " + address.mailbox());
        byte[] asker = asker(volunteerId);
        if (asked("asker_hmac = ?", asker, now.minus(DAY)) >= A_DAY_BY_ACCOUNT) {
            throw Problem.tooManyRequests(
                    "you asked for " + A_DAY_BY_ACCOUNT + " confirmations today: come back tomorrow");
        }
        if (asked("address_hmac = ?", mailbox, now.minus(DAY)) >= A_DAY_TO_ADDRESS
                || asked("address_hmac = ?", mailbox, now.minus(WEEK)) >= A_WEEK_TO_ADDRESS) {
            throw Problem.tooManyRequests("this address was sent enough confirmations: come back in some days");
        }
        if (asked("?", true, now.minus(Duration.ofHours(1))) >= config.confirmationsAnHour()) {
            throw Problem.tooManyRequests("too many confirmations are asked for at the moment: come back in an hour");
        }
        long request = sql.one(
                "INSERT INTO mail_request (address_hmac, asker_hmac, asked_at) VALUES (?, ?, ?) RETURNING id",
                row -> row.getLong(1),
                mailbox,
                asker,
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
        sql.update("DELETE FROM mail_stop WHERE volunteer_id = ? AND wanted_hash IS NOT NULL", volunteerId);
        sql.update(
                "INSERT INTO mail_stop (token_hash, volunteer_id, wanted_hash, made_at) VALUES (?, ?, ?, ?)",
                stop,
                volunteerId,
                token,
                now);
        return request;
    }

    /** Takes back a {@link #want} whose mail did not leave: it counts against no bound, and nothing waits for it. */
    @Transactional
    void notSent(long request, byte[] token) {
        sql.update("DELETE FROM mail_request WHERE id = ?", request);
        unwant("wanted_hash = ?", token);
    }

    /** Forgets waiting addresses; where no other is confirmed, all of the subscription. */
    private void unwant(String which, Object value) {
        sql.update("DELETE FROM mail_subscription WHERE address IS NULL AND " + which, value);
        sql.update(
                "DELETE FROM mail_stop WHERE wanted_hash IN (SELECT wanted_hash FROM mail_subscription WHERE " + which
                        + ")",
                value);
        sql.update(
                "UPDATE mail_subscription SET wanted = NULL, wanted_hash = NULL, wanted_until = NULL WHERE " + which,
                value);
    }

    private byte[] asker(long volunteerId) {
        return hmac("mail asked for by " + volunteerId);
    }

    private byte[] hmac(String text) {
        return key.hmac(text.getBytes(StandardCharsets.UTF_8));
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
        boolean taken = sql.update("""
                        UPDATE mail_subscription SET address = wanted, confirmed_at = ?::timestamptz, wanted = NULL,
                            wanted_hash = NULL, wanted_until = NULL, told_until = ?, next_at = ?, failures = 0, tells_until = NULL
                        WHERE wanted_hash = ? AND wanted_until > ?
                        """, now, now, now.plus(DAY), token, now) == 1;
        if (taken) {
            sql.update("UPDATE mail_stop SET wanted_hash = NULL WHERE wanted_hash = ?", token);
        }
        return taken;
    }

    /** @param language null for the one that it has */
    @Transactional
    boolean choose(long volunteerId, @Nullable Language language, boolean talk, boolean outcomes) {
        return sql.update(
                        "UPDATE mail_subscription SET language = coalesce(?::text, language), talk = ?, outcomes = ?"
                                + " WHERE volunteer_id = ?",
                        language == null ? null : language.tag(),
                        talk,
                        outcomes,
                        volunteerId)
                == 1;
    }

    /**
     * As {@link #choose}, for who asks for the address once more that is confirmed: another that waits is wanted no more.
     *
     * @return false if that address is not the confirmed one
     */
    @Transactional
    boolean keep(long volunteerId, MailAddress address, Language language, boolean talk, boolean outcomes) {
        boolean confirmed = sql.first(
                        "SELECT 1 FROM mail_subscription WHERE volunteer_id = ? AND address = ? FOR UPDATE",
                        row -> true,
                        volunteerId,
                        address.text())
                .orElse(false);
        if (confirmed) {
            unwant("volunteer_id = ?", volunteerId);
            choose(volunteerId, language, talk, outcomes);
        }
        return confirmed;
    }

    /** Forgets the address, and all links. */
    @Transactional
    void end(long volunteerId) {
        sql.update("DELETE FROM mail_subscription WHERE volunteer_id = ?", volunteerId);
    }

    /**
     * As {@link #end}, by a link of any mail; nothing for a link that is none any more. That of a mail which asked for a
     * confirmation ends, until it is given, the waiting for it alone: whoever was written to by a slip cannot end the mails of
     * another.
     */
    @Transactional
    void stop(byte[] token) {
        sql.update(
                "DELETE FROM mail_subscription WHERE volunteer_id IN"
                        + " (SELECT volunteer_id FROM mail_stop WHERE token_hash = ? AND wanted_hash IS NULL)",
                token);
        sql.first(
                        "SELECT wanted_hash FROM mail_stop WHERE token_hash = ? AND wanted_hash IS NOT NULL",
                        row -> row.getBytes(1),
                        token)
                .ifPresent(wanted -> unwant("wanted_hash = ?", wanted));
    }

    /** Takes one that is due in hand; no other process gets it. */
    @Transactional
    Optional<Due> claim(Instant now) {
        return sql.first("""
                UPDATE mail_subscription s SET next_at = ? FROM (
                    SELECT m.volunteer_id FROM mail_subscription m JOIN volunteer v ON v.id = m.volunteer_id
                    WHERE m.address IS NOT NULL AND m.next_at <= ? AND v.kind = 'account' AND v.username NOT LIKE 'erased:%'
                    ORDER BY m.next_at, m.volunteer_id LIMIT 1 FOR UPDATE OF m SKIP LOCKED) AS due
                WHERE s.volunteer_id = due.volunteer_id
                RETURNING s.*
                """, MailTable::due, now.plus(DAY), now);
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
                row.getInt("failures"),
                Sql.instantOrNull(row, "tells_until"));
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
                "UPDATE mail_subscription SET told_until = ?, last_sent_at = ?, failures = 0, tells_until = NULL"
                        + " WHERE volunteer_id = ? AND next_at = ?",
                toldUntil,
                now,
                due.volunteerId(),
                due.nextAt());
    }

    /** Gives one back without a mail: the next is a new one. */
    void later(Due due, Instant nextAt) {
        later(due, nextAt, 0, null);
    }

    /** Gives one back whose mail did not leave: the next try is of the same. */
    void failed(Due due, Instant nextAt, Instant tellsUntil) {
        later(due, nextAt, due.failures() + 1, tellsUntil);
    }

    private void later(Due due, Instant nextAt, int failures, @Nullable Instant tellsUntil) {
        sql.update(
                "UPDATE mail_subscription SET next_at = ?, failures = ?, tells_until = ?::timestamptz"
                        + " WHERE volunteer_id = ? AND next_at = ?",
                nextAt,
                failures,
                tellsUntil,
                due.volunteerId(),
                due.nextAt());
    }

    /** Forgets addresses that nobody confirmed, who asked after a day, requests after a week and links after 400 days. */
    @Transactional
    void purge(Instant now) {
        unwant("wanted_until < ?", now);
        sql.update(
                "UPDATE mail_request SET asker_hmac = NULL WHERE asker_hmac IS NOT NULL AND asked_at < ?",
                now.minus(DAY));
        sql.update("DELETE FROM mail_request WHERE asked_at < ?", now.minus(WEEK));
        sql.update("DELETE FROM mail_stop WHERE made_at < ?", now.minus(STOP_LIVES));
    }

    /** Forgets a person; that an address was written to stays for the week, by its digest alone. */
    void erase(long volunteerId) {
        sql.update("DELETE FROM mail_subscription WHERE volunteer_id = ?", volunteerId);
        sql.update("UPDATE mail_request SET asker_hmac = NULL WHERE asker_hmac = ?", asker(volunteerId));
    }
}
