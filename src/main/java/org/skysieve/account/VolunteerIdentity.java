package org.skysieve.account;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;

/** An account as the framework sees it. */
final class VolunteerIdentity {
    /** The attribute that holds the {@link AccountView}. */
    static final String ACCOUNT = "skysieve.account";

    private VolunteerIdentity() {}

    static SecurityIdentity of(AccountView account) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(String.valueOf(account.username())))
                .addRoles(account.role().keys())
                .addAttribute(ACCOUNT, account)
                .build();
    }
}
