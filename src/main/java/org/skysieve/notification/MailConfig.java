package org.skysieve.notification;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** News by mail; which server sends them is said in {@code quarkus.mailer.*}. */
@ConfigMapping(prefix = "skysieve.mail")
interface MailConfig {
    /** Who mails come from, such as {@code Skysieve <no-reply@example.org>}; without it nobody is offered any. */
    Optional<String> from();

    /** How often this process looks for mails that are due; {@code off} for never. */
    @WithDefault("10m")
    String every();

    /** Digests that one look sends at most. */
    @WithDefault("500")
    int most();

    /** How long the mail server may take for one. */
    @WithDefault("20S")
    Duration patience();

    /** Tries of one digest; then it waits for the next day. */
    @WithDefault("4")
    int tries();

    /** Confirmations that leave in an hour, whoever asks: no open sign-up may make this a cannon. */
    @WithDefault("200")
    int confirmationsAnHour();
}
