package org.skysieve.account;

import java.util.Arrays;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Gives somebody whom an OpenID provider signed in a volunteer row: the token's {@code sub} is the key, the highest of
 * our four roles among the token's roles is the role. Deliberately minimal: a local account is never merged with an
 * OpenID one of the same name, and a guest's votes stay with the guest.
 */
@ApplicationScoped
class OidcVolunteers implements SecurityIdentityAugmentor {
    private final Accounts accounts;

    OidcVolunteers(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (identity.getAttribute(VolunteerIdentity.ACCOUNT) != null
                || !(identity.getPrincipal() instanceof JsonWebToken token)
                || token.getSubject() == null) {
            return Uni.createFrom().item(identity);
        }
        return context.runBlocking(() -> {
            AccountView account = accounts.ofOidc(token.getSubject(), token.getName(), role(identity));
            return QuarkusSecurityIdentity.builder(identity)
                    .addRoles(account.role().keys())
                    .addAttribute(VolunteerIdentity.ACCOUNT, account)
                    .build();
        });
    }

    private static Role role(SecurityIdentity identity) {
        return Arrays.stream(Role.values())
                .filter(role -> identity.hasRole(role.key()))
                .reduce(Role.VOLUNTEER, (lower, higher) -> higher);
    }
}
