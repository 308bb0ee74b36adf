package org.skysieve.account;

import java.util.List;
import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.orm.panache.PanacheRepository;

@ApplicationScoped
class AccessTokens implements PanacheRepository<AccessToken> {
    private static final int MOST_LISTED = 1000;

    /** The newest first, without their secrets. */
    List<TokenView> ofVolunteer(long volunteerId) {
        return find("volunteerId = ?1 order by id desc", volunteerId).page(0, MOST_LISTED).stream()
                .map(token ->
                        new TokenView(Objects.requireNonNull(token.id), token.label, token.createdAt, token.expiresAt))
                .toList();
    }
}
