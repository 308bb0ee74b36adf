package org.skysieve.notification;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;

/** The mail server of {@code quarkus.mailer.*}, waited for with bounded patience. */
@ApplicationScoped
class ServerPost implements Post {
    private final ReactiveMailer mailer;
    private final Duration patience;

    ServerPost(ReactiveMailer mailer, MailConfig config) {
        this.mailer = mailer;
        this.patience = config.patience();
    }

    @Override
    public void send(Mail mail) {
        mailer.send(mail).await().atMost(patience);
    }
}
