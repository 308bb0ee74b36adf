package org.skysieve.notification;

import io.quarkus.mailer.Mail;

/** Where mails leave; throws what went wrong if one did not, or may not have. */
@FunctionalInterface
interface Post {
    void send(Mail mail);
}
