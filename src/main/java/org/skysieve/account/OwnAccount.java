package org.skysieve.account;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** What people may do with their own accounts: another password, and to be forgotten. */
@ApplicationScoped
public class OwnAccount {
    /** Who an erased account is called. */
    static final String NOBODY = "Former volunteer";

    private final Sql sql;
    private final Volunteers volunteers;
    private final AccessTokens tokens;
    private final Credentials credentials;
    private final AttemptLimiter limiter;
    private final Outbox outbox;
    private final AccountConfig config;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    OwnAccount(
            Sql sql,
            Volunteers volunteers,
            AccessTokens tokens,
            Credentials credentials,
            AttemptLimiter limiter,
            Outbox outbox,
            AccountConfig config,
            Clock clock) {
        this.sql = sql;
        this.volunteers = volunteers;
        this.tokens = tokens;
        this.credentials = credentials;
        this.limiter = limiter;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** When the account was made. */
    @Transactional
    public Instant since(long volunteerId) {
        return account(volunteerId).createdAt;
    }

    /** The tokens of an account, the newest first, without their secrets. */
    @Transactional
    public List<TokenView> tokens(long volunteerId) {
        return tokens.ofVolunteer(volunteerId);
    }

    /**
     * Another password, and with it whatever else is to go, or nothing. Every open session ends: its cookie holds a stamp of the old one. Access tokens stay, unless they are to go.
     *
     * @param tokensToo takes all access tokens of the account out of use as well
     * @param address of the client: guesses are counted as those at sign-in
     * @throws Problem 403 unless {@code old} is the present one, 400 for a new one out of 10..200 characters, 409 for an account
     *     without a password, 429 after too many guesses
     */
    public void changePassword(long volunteerId, String old, String wanted, boolean tokensToo, String address) {
        String username = name(volunteerId);
        if (!limiter.admitsSignIn(username, address)) {
            throw Problem.tooManyRequests("too many wrong passwords: come back later");
        }
        String hash = credentials
                .passwordHash(username)
                .orElseThrow(() -> Problem.conflict("this account signs in without a password"));
        if (old.length() > Accounts.MAX_PASSWORD || !Secrets.passwordMatches(old, hash)) {
            limiter.failedSignIn(username, address);
            throw Problem.forbidden("that is not the present password");
        }
        // Outside of the transaction: a hash takes long.
        String hashed = Accounts.hashed(wanted, config.bcryptCost());
        QuarkusTransaction.requiringNew().run(() -> replace(volunteerId, hash, hashed, tokensToo));
    }

    private void replace(long volunteerId, String old, String hashed, boolean tokensToo) {
        if (sql.update(
                        "UPDATE volunteer SET password_hash = ? WHERE id = ? AND password_hash = ?",
                        hashed,
                        volunteerId,
                        old)
                == 0) {
            throw Problem.forbidden("that is not the present password");
        }
        if (tokensToo) {
            sql.update("DELETE FROM access_token WHERE volunteer_id = ?", volunteerId);
        }
        credentials.forgetAll();
    }

    /**
     * Forgets a person: name, password, sign-ins and tokens at once, then what they wrote. Votes stay, as those of nobody whom
     * one could name: the log is what consensus and reliability are made of. The name is never given again.
     *
     * @param username again, against a slip
     * @throws Problem 400 for another name, 409 for the only administrator
     */
    @Transactional
    public void erase(long volunteerId, String username) {
        Volunteer volunteer = account(volunteerId);
        String name = String.valueOf(volunteer.username);
        if (!Accounts.normal(username).equals(name)) {
            throw Problem.badField("username", "got \"" + username + "\", need your own, " + name);
        }
        if (volunteer.role.equals(Role.ADMINISTRATOR.key())
                && volunteers.count("role = ?1", Role.ADMINISTRATOR.key()) == 1) {
            throw Problem.conflict("you are the only administrator: make another one first");
        }
        sql.update(
                "INSERT INTO erased_name (digest, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                Secrets.hash(name),
                clock.instant());
        // No name that anybody can sign up with has a colon.
        volunteer.username = "erased:" + volunteerId;
        volunteer.displayName = NOBODY;
        volunteer.passwordHash = null;
        volunteer.oidcSubject = null;
        volunteer.guestTokenHash = null;
        volunteer.role = Role.VOLUNTEER.key();
        sql.update("UPDATE volunteer SET credited = false WHERE id = ?", volunteerId);
        tokens.delete("volunteerId", volunteerId);
        outbox.publish(new AccountErased(volunteerId));
        credentials.forgetAll();
    }

    /** Whether the person's name may stand on the pages of candidates that they were among the first to recognise. */
    public boolean credited(long volunteerId) {
        return sql.first("SELECT credited FROM volunteer WHERE id = ?", row -> row.getBoolean(1), volunteerId)
                .orElse(false);
    }

    /** Consents to be named as a discoverer, or takes that back; it holds at once, for all that is shown. */
    @Transactional
    public void credit(long volunteerId, boolean byName) {
        sql.update(
                "UPDATE volunteer SET credited = ? WHERE id = ?",
                byName,
                account(volunteerId).storedId());
    }

    @Transactional
    String name(long volunteerId) {
        return String.valueOf(account(volunteerId).username);
    }

    private Volunteer account(long volunteerId) {
        Volunteer volunteer = volunteers.findById(volunteerId);
        if (volunteer == null || volunteer.kind.equals(Volunteer.GUEST)) {
            throw Problem.notFound("no account " + volunteerId);
        }
        return volunteer;
    }
}
