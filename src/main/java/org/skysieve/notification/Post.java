package org.skysieve.notification;

import io.quarkus.mailer.Mail;

/** Where mails leave. */
@FunctionalInterface
interface Post {
    /** @throws MayHaveGone if nobody knows whether it left; whatever else is thrown says that it did not */
    void send(Mail mail);

    /** The server did not say in time whether it took a mail: it may be on its way. */
    final class MayHaveGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MayHaveGone(Throwable cause) {
            super(cause);
        }
    }
}
