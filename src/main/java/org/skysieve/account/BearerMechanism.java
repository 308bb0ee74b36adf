package org.skysieve.account;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code Authorization: Bearer skv_...}. Looks before the form and OpenID mechanisms and leaves every other token to
 * them; so a request with both a cookie and a token is the token's.
 */
@ApplicationScoped
class BearerMechanism implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String token = token(context);
        if (token == null) {
            return Uni.createFrom().nullItem();
        }
        // So that a refusal is answered by this mechanism and not by the form's redirect.
        context.put(HttpAuthenticationMechanism.class.getName(), this);
        return providers.authenticate(HttpSecurityUtils.setRoutingContextAttribute(new TokenRequest(token), context));
    }

    private static @Nullable String token(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = header.substring(SCHEME.length()).strip();
        return token.startsWith(Accounts.TOKEN_PREFIX) ? token : null;
    }

    /** Nobody is asked for a token who did not send one: that would only confuse a browser. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return token(context) == null
                ? Uni.createFrom().nullItem()
                : Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenRequest.class);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return Uni.createFrom()
                .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "skysieve-token"));
    }

    @Override
    public int getPriority() {
        return 2 * DEFAULT_PRIORITY;
    }
}
