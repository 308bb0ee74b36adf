package org.skysieve.notification;

import java.time.Duration;
import java.util.concurrent.CompletionException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.TimeoutException;

/** The mail server of {@code quarkus.mailer.*}, waited for with bounded patience. */
@ApplicationScoped
class ServerPost implements Post {
    private final ReactiveMailer mailer;
    private final Duration patience;

    @Inject
    ServerPost(ReactiveMailer mailer, MailConfig config) {
        this(mailer, config.patience());
    }

    ServerPost(ReactiveMailer mailer, Duration patience) {
        this.mailer = mailer;
        this.patience = patience;
    }

    @Override
    public void send(Mail mail) {
        try {
            mailer.send(mail).await().atMost(patience);
        } catch (TimeoutException slow) {
            throw new MayHaveGone(slow);
        } catch (CompletionException failure) {
            // This process ends: what was under way may still arrive.
            throw failure.getCause() instanceof InterruptedException ? new MayHaveGone(failure) : failure;
        }
    }
}
