package org.skysieve.account;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** A bearer token without its secret. */
public record TokenView(
        long id, String label, Instant createdAt, @Nullable Instant expiresAt) {}
