package org.skysieve.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/** Who a token, a cookie or a name belongs to; answers are kept for seconds, since every request asks. */
@ApplicationScoped
class Credentials {
    private static final int MAX_CACHED = 20_000;
    private static final String COLUMNS = "v.id, v.kind, v.username, v.display_name, v.role";

    private record Cached(AccountView account, String stamp, Instant until) {}

    /**
     * Whom a session belongs to.
     *
     * @param stamp of the password that it was opened with: see {@link Secrets#sessionStamp}
     */
    record Session(AccountView account, String stamp) {}

    private final Sql sql;
    private final AccountConfig config;
    private final Clock clock;
    private final TransactionSynchronizationRegistry transaction;
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    Credentials(Sql sql, AccountConfig config, Clock clock, TransactionSynchronizationRegistry transaction) {
        this.sql = sql;
        this.config = config;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** Never blocks: null unless the answer is at hand. */
    @Nullable
    AccountView cachedToken(String token) {
        return cached(tokenKey(token));
    }

    /** Never blocks: null unless the answer is at hand. */
    @Nullable
    Session cachedSession(String username) {
        Cached cached = live("session " + username);
        return cached == null ? null : new Session(cached.account, cached.stamp);
    }

    /** Whom sessions of that name belong to, and the stamp that they must have; always asks the database. */
    Optional<Session> session(String username) {
        Optional<Session> found = sql.first(
                "SELECT " + COLUMNS + ", v.password_hash FROM volunteer v"
                        + " WHERE v.username = ? AND v.password_hash IS NOT NULL",
                row -> new Session(account(row), Secrets.sessionStamp(row.getString("password_hash"))),
                username);
        found.ifPresent(session -> keep("session " + username, session.account, session.stamp));
        return found;
    }

    Optional<AccountView> byToken(String token) {
        String key = tokenKey(token);
        AccountView known = cached(key);
        return known != null
                ? Optional.of(known)
                : remember(
                        key,
                        "SELECT " + COLUMNS + " FROM access_token t JOIN volunteer v ON v.id = t.volunteer_id"
                                + " WHERE t.token_hash = ? AND (t.expires_at IS NULL OR t.expires_at > now())",
                        Secrets.hash(token));
    }

    Optional<AccountView> byUsername(String username) {
        String key = "name " + username;
        AccountView known = cached(key);
        return known != null
                ? Optional.of(known)
                : remember(key, "SELECT " + COLUMNS + " FROM volunteer v WHERE v.username = ?", username);
    }

    Optional<AccountView> byGuestSecret(String secret) {
        String key = "guest " + Base64.getEncoder().encodeToString(Secrets.hash(secret));
        AccountView known = cached(key);
        return known != null
                ? Optional.of(known)
                : remember(
                        key,
                        "SELECT " + COLUMNS + " FROM volunteer v WHERE v.guest_token_hash = ?",
                        Secrets.hash(secret));
    }

    /** The bcrypt hash of that account, if it has one. */
    Optional<String> passwordHash(String username) {
        return sql.first(
                "SELECT password_hash FROM volunteer WHERE username = ? AND password_hash IS NOT NULL",
                row -> row.getString(1),
                username);
    }

    /**
     * To be called when anything about anybody changed: rare, so no finer than this. It holds from the end of the current
     * transaction on: what others read before that is of before.
     */
    void forgetAll() {
        cache.clear();
        if (transaction.getTransactionStatus() == Status.STATUS_ACTIVE) {
            transaction.registerInterposedSynchronization(new Synchronization() {
                @Override
                public void beforeCompletion() {}

                @Override
                public void afterCompletion(int status) {
                    cache.clear();
                }
            });
        }
    }

    // The cache holds the digest, not the token: a heap dump gives nothing away.
    private static String tokenKey(String token) {
        return "token " + Base64.getEncoder().encodeToString(Secrets.hash(token));
    }

    private @Nullable AccountView cached(String key) {
        Cached cached = live(key);
        return cached == null ? null : cached.account;
    }

    private @Nullable Cached live(String key) {
        Cached cached = cache.get(key);
        return cached != null && clock.instant().isBefore(cached.until) ? cached : null;
    }

    private Optional<AccountView> remember(String key, String statement, Object parameter) {
        Optional<AccountView> found = sql.first(statement, Credentials::account, parameter);
        found.ifPresent(account -> keep(key, account, ""));
        return found;
    }

    private void keep(String key, AccountView account, String stamp) {
        if (cache.size() >= MAX_CACHED) {
            cache.clear();
        }
        cache.put(key, new Cached(account, stamp, clock.instant().plus(config.credentialCache())));
    }

    private static AccountView account(ResultSet row) throws SQLException {
        return new AccountView(
                row.getLong("id"),
                row.getString("kind").equals(Volunteer.GUEST),
                row.getString("username"),
                row.getString("display_name"),
                Role.of(row.getString("role")));
    }
}
