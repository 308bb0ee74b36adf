package org.skysieve.notification;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.AccountView;
import org.skysieve.account.Accounts;
import org.skysieve.account.Secrets;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;

/** The door to news by mail: asked for, confirmed, changed and ended by the reader, and by nobody else. */
@ApplicationScoped
public class MailSubscriptions {
    private static final Logger LOG = Logger.getLogger(MailSubscriptions.class);

    private final MailTable table;
    private final MailLetters letters;
    private final Post post;
    private final Accounts accounts;
    private final MeterRegistry metrics;
    private final Clock clock;

    MailSubscriptions(
            MailTable table, MailLetters letters, Post post, Accounts accounts, MeterRegistry metrics, Clock clock) {
        this.table = table;
        this.letters = letters;
        this.post = post;
        this.accounts = accounts;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Whether this installation sends mails at all. */
    public boolean offered() {
        return letters.enabled();
    }

    /** What an account has asked for; empty for nothing. */
    public Optional<MailSubscription> of(long volunteerId) {
        return table.find(volunteerId);
    }

    /**
     * Sends a link to an address, valid for 48 hours; mails come once it was followed. Until then those to an earlier address go
     * on. For the address that is confirmed already only the choices change, and another that waits is forgotten.
     *
     * @param language of the mails
     * @param talk whether mentions and answers are wanted
     * @param outcomes whether it is wanted what candidates turned out to be
     * @return whether a link was sent, or may have been
     * @throws Problem 404 where no mails are sent, 400 for what is no address or if nothing is wanted, 429 past the bounds, 503 if
     *     the mail server did not take it
     */
    public boolean ask(long volunteerId, String address, Language language, boolean talk, boolean outcomes) {
        requireOffered();
        requireSomething(talk, outcomes);
        MailAddress to = MailAddress.of(address);
        AccountView account = accounts.find(volunteerId)
                .filter(found -> !found.guest())
                .orElseThrow(() -> Problem.notFound("no account " + volunteerId));
        if (table.keep(volunteerId, to, language, talk, outcomes)) {
            return false;
        }
        String token = Secrets.random();
        String stop = Secrets.random();
        long request = table.want(
                volunteerId,
                to,
                language,
                talk,
                outcomes,
                Secrets.hash(token),
                Secrets.hash(stop),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        try {
            post.send(letters.confirmation(to.text(), language, String.valueOf(account.username()), token, stop));
        } catch (Post.MayHaveGone unsure) {
            // Its link works if it arrives, so it counts as sent.
            count("unsure");
            LOG.warnf("Confirmation may not be sent, volunteer=%d", volunteerId);
            return true;
        } catch (RuntimeException failure) {
            table.notSent(request, Secrets.hash(token));
            count("failed");
            LOG.warnf(
                    "Confirmation not sent, volunteer=%d cause=%s",
                    volunteerId, failure.getClass().getName());
            throw Problem.unavailable("the mail server did not take the mail: try again later");
        }
        count("sent");
        return true;
    }

    /** Confirms the address to which a token was sent; false for a token that is none, used, replaced or too old. */
    public boolean confirm(String token) {
        return table.confirm(Secrets.hash(token), clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * Changes what is sent, and its language.
     *
     * @param language null for the one that it has
     * @throws Problem 404 without a subscription, 400 if nothing is wanted
     */
    public void choose(long volunteerId, @Nullable Language language, boolean talk, boolean outcomes) {
        requireSomething(talk, outcomes);
        if (!table.choose(volunteerId, language, talk, outcomes)) {
            throw Problem.notFound("no address is kept for you");
        }
    }

    /** Ends the mails and forgets the address. */
    public void end(long volunteerId) {
        table.end(volunteerId);
    }

    /**
     * As {@link #end}, by the link in a mail; that of one which asks for a confirmation forgets the address alone that it was sent
     * to. What is no link of ours ends nothing, and nobody learns which it was.
     */
    public void stop(String token) {
        table.stop(Secrets.hash(token));
    }

    private void requireOffered() {
        if (!offered()) {
            throw Problem.notFound("no mails are sent here");
        }
    }

    private static void requireSomething(boolean talk, boolean outcomes) {
        if (!talk && !outcomes) {
            throw Problem.badField("talk", "choose at least one kind of news, or stop the mails");
        }
    }

    private void count(String fate) {
        metrics.counter("skysieve.mail", "kind", "confirmation", "fate", fate).increment();
    }
}
