package org.skysieve.account;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/** Checks name and password: the sign-in form. */
@ApplicationScoped
class PasswordSignIn implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
    private static final Logger LOG = Logger.getLogger(PasswordSignIn.class);

    private final Credentials credentials;
    private final AttemptLimiter limiter;
    private final String decoyHash;

    PasswordSignIn(Credentials credentials, AttemptLimiter limiter, AccountConfig config) {
        this.credentials = credentials;
        this.limiter = limiter;
        this.decoyHash = Secrets.hashPassword(Secrets.random(), config.bcryptCost());
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
        RoutingContext routing = HttpSecurityUtils.getRoutingContextAttribute(request);
        String address = routing == null ? "unknown" : AttemptLimiter.address(routing);
        String username = Accounts.normal(request.getUsername());
        String password = new String(request.getPassword().getPassword());
        return context.runBlocking(() -> signIn(username, password, address));
    }

    private SecurityIdentity signIn(String username, String password, String address) {
        if (!limiter.admitsSignIn(username, address)) {
            LOG.infof("Sign-in refused unseen after too many failures: address=%s", address);
            throw new AuthenticationFailedException("too many failed sign-ins");
        }
        if (password.length() > Accounts.MAX_PASSWORD) {
            limiter.failedSignIn(username, address);
            throw new AuthenticationFailedException("no such name and password");
        }
        // An unknown name costs the same time as a wrong password, so that names cannot be found out by the clock.
        String hash = credentials.passwordHash(username).orElse(decoyHash);
        boolean matches = Secrets.passwordMatches(password, hash);
        AccountView account = matches ? credentials.byUsername(username).orElse(null) : null;
        if (account == null) {
            limiter.failedSignIn(username, address);
            throw new AuthenticationFailedException("no such name and password");
        }
        limiter.succeededSignIn(username, address);
        return VolunteerIdentity.ofSession(account, Secrets.sessionStamp(hash));
    }
}
