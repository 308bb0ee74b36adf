package org.skysieve.account;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/**
 * Recognises what is in the session cookie, which the form mechanism has decrypted: a name and the stamp of the password that
 * the session was opened with. After another password, or the erasure of the account, the stamp is another and the session is
 * nobody's.
 */
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
        String held = request.getPrincipal();
        int space = held.indexOf(' ');
        String username = space < 0 ? held : held.substring(0, space);
        String stamp = held.substring(space + 1);
        Credentials.Session cached = credentials.cachedSession(username);
        if (cached != null && cached.stamp().equals(stamp)) {
            return Uni.createFrom().item(VolunteerIdentity.ofSession(cached.account(), stamp));
        }
        // What is at hand may be older than the session: another process may just have changed the password.
        return context.runBlocking(() -> credentials
                .session(username)
                .filter(session -> session.stamp().equals(stamp))
                .map(session -> VolunteerIdentity.ofSession(session.account(), stamp))
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
