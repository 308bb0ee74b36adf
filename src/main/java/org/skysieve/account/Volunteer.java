package org.skysieve.account;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

/** One person: first often a guest, then the same row as an account. Never deleted: the log points here. */
@Entity
@Table(name = "volunteer")
class Volunteer {
    static final String ACCOUNT = "account";
    static final String GUEST = "guest";

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    String kind = GUEST;

    @Nullable
    String username;

    @Column(name = "display_name")
    String displayName = "";

    @Column(name = "password_hash")
    @Nullable
    String passwordHash;

    String role = Role.VOLUNTEER.key();

    @Column(name = "oidc_subject")
    @Nullable
    String oidcSubject;

    /** SHA-256 of the guest's cookie. */
    @Column(name = "guest_token_hash")
    byte @Nullable [] guestTokenHash;

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    /** The id of a row that has been stored. */
    long storedId() {
        if (id == null) {
            throw new IllegalStateException("volunteer: not stored yet");
        }
        return id;
    }

    AccountView view() {
        return new AccountView(storedId(), kind.equals(GUEST), username, displayName, Role.of(role));
    }
}
