package org.skysieve.account;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/** Recognises the name in the session cookie, which the form mechanism has decrypted. */
@ApplicationScoped
class SessionSignIn implements IdentityProvider<TrustedAuthenticationRequest> {
    private final Credentials credentials;

    SessionSignIn(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Class<TrustedAuthenticationRequest> getRequestType() {
        return TrustedAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            TrustedAuthenticationRequest request, AuthenticationRequestContext context) {
        String username = request.getPrincipal();
        AccountView cached = credentials.cachedAccount(username);
        if (cached != null) {
            return Uni.createFrom().item(VolunteerIdentity.of(cached));
        }
        return context.runBlocking(() -> credentials
                .byUsername(username)
                .map(VolunteerIdentity::of)
                // Not a failure: that would send even the sign-in page to the sign-in page, for as long as the cookie
                // lives.
                .orElseGet(SessionSignIn::anonymous));
    }

    private static SecurityIdentity anonymous() {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(""))
                .setAnonymous(true)
                .build();
    }
}
