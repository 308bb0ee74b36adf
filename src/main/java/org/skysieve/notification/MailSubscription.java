package org.skysieve.notification;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to have by mail.
 *
 * @param address where to; null until it is confirmed
 * @param waiting an address that waits for its confirmation, or null
 * @param language tag of the language that the mails speak
 * @param talk mentions and answers in talk
 * @param outcomes what candidates turned out to be that they voted on
 * @param lastSentAt null before the first
 */
public record MailSubscription(
        @Nullable String address,
        @Nullable Instant confirmedAt,
        @Nullable String waiting,
        String language,
        boolean talk,
        boolean outcomes,
        @Nullable Instant lastSentAt) {}
