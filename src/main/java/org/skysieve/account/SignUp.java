package org.skysieve.account;

import java.util.OptionalLong;

import jakarta.enterprise.context.RequestScoped;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Somebody makes an account for themselves, through the API or the form. */
@RequestScoped
class SignUp {
    private final Accounts accounts;
    private final CurrentVolunteer current;
    private final AttemptLimiter limiter;
    private final RoutingContext request;

    SignUp(Accounts accounts, CurrentVolunteer current, AttemptLimiter limiter, RoutingContext request) {
        this.accounts = accounts;
        this.current = current;
        this.limiter = limiter;
        this.request = request;
    }

    /** The guest of this request becomes the account; somebody signed in makes another one. */
    AccountView now(String username, @Nullable String displayName, String password) {
        OptionalLong guest = current.isGuest() ? current.idIfKnown() : OptionalLong.empty();
        if (guest.isEmpty()) {
            limiter.admitNewVolunteer(AttemptLimiter.address(request));
        }
        AccountView account = accounts.signUp(guest, username, displayName, password);
        current.forgetGuest();
        return account;
    }
}
