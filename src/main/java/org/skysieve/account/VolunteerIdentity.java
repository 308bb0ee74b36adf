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
        return of(account, String.valueOf(account.username()));
    }

    /**
     * Of a session: the form mechanism writes the principal into the cookie and hands it back with every request.
     *
     * @param stamp of the password
     */
    static SecurityIdentity ofSession(AccountView account, String stamp) {
        return of(account, account.username() + " " + stamp);
    }

    private static SecurityIdentity of(AccountView account, String principal) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(principal))
                .addRoles(account.role().keys())
                .addAttribute(ACCOUNT, account)
                .build();
    }
}
