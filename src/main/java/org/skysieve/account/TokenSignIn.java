package org.skysieve.account;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;

/** Looks a bearer token up. */
@ApplicationScoped
class TokenSignIn implements IdentityProvider<TokenRequest> {
    private final Credentials credentials;

    TokenSignIn(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Class<TokenRequest> getRequestType() {
        return TokenRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(TokenRequest request, AuthenticationRequestContext context) {
        AccountView cached = credentials.cachedToken(request.token());
        if (cached != null) {
            return Uni.createFrom().item(VolunteerIdentity.of(cached));
        }
        return context.runBlocking(() -> credentials
                .byToken(request.token())
                .map(VolunteerIdentity::of)
                .orElseThrow(() -> new AuthenticationFailedException("no such token")));
    }
}
