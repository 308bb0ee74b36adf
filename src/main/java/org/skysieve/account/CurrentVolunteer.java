package org.skysieve.account;

import java.util.Optional;
import java.util.OptionalLong;

import jakarta.enterprise.context.RequestScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/**
 * Who sent this request: a signed-in account (session cookie, bearer token or OpenID), else the guest of the
 * {@code skysieve-guest} cookie, else nobody yet. Asks the database, so call it from a blocking method, once outside
 * the transaction that needs it.
 *
 * <p>A page that stays open says in the header {@code Skysieve-Volunteer} by id for whom it was made. Where the session has
 * ended since, or another has begun in another tab, such a request is nobody's: status 401, and nothing is counted for
 * somebody else.
 */
@RequestScoped
public class CurrentVolunteer {
    static final String GUEST_COOKIE = "skysieve-guest";
    static final String PAGE_OF = "Skysieve-Volunteer";

    private static final long GUEST_COOKIE_SECONDS = 400L * 86_400; // the longest that browsers keep one

    private final CurrentIdentityAssociation association;
    private final RoutingContext request;
    private final Credentials credentials;
    private final Accounts accounts;
    private final AttemptLimiter limiter;
    private @Nullable AccountView known;

    CurrentVolunteer(
            CurrentIdentityAssociation association,
            RoutingContext request,
            Credentials credentials,
            Accounts accounts,
            AttemptLimiter limiter) {
        this.association = association;
        this.request = request;
        this.credentials = credentials;
        this.accounts = accounts;
        this.limiter = limiter;
    }

    /**
     * The id of the volunteer. Somebody unknown becomes a guest, with a cookie on the response; the guest is committed
     * at once, whatever becomes of a transaction around this call.
     *
     * @throws Problem 429 when one address makes guests without end
     */
    public long id() {
        AccountView account = find();
        if (account != null) {
            return account.id();
        }
        limiter.admitNewVolunteer(AttemptLimiter.address(request));
        String secret = Secrets.random();
        AccountView guest = QuarkusTransaction.requiringNew().call(() -> accounts.createGuest(secret));
        known = guest;
        request.response()
                .addCookie(Cookie.cookie(GUEST_COOKIE, secret)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.LAX)
                        .setSecure(request.request().isSSL())
                        .setMaxAge(GUEST_COOKIE_SECONDS));
        return guest.id();
    }

    /** As {@link #id()}, but nobody is created. */
    public OptionalLong idIfKnown() {
        AccountView account = find();
        return account == null ? OptionalLong.empty() : OptionalLong.of(account.id());
    }

    /** The volunteer, if known; nobody is created. */
    public Optional<AccountView> account() {
        return Optional.ofNullable(find());
    }

    /** "Guest" for somebody unknown. */
    public String displayName() {
        AccountView account = find();
        return account == null ? "Guest" : account.displayName();
    }

    /** The name of who is signed in, from what the request brought along; empty for others. Asks no database and never throws. */
    public String nameAtHand() {
        SecurityIdentity identity = association.getIdentity();
        AccountView account = identity == null ? null : identity.getAttribute(VolunteerIdentity.ACCOUNT);
        return account == null || account.guest() ? "" : account.displayName();
    }

    /** Not signed in: a known guest or somebody unknown. */
    public boolean isGuest() {
        AccountView account = find();
        return account == null || account.guest();
    }

    /** The address that an OpenID provider has of somebody signed in through it: to prefill a form, never to write to. */
    public Optional<String> vouchedAddress() {
        return association.getIdentity().getPrincipal() instanceof JsonWebToken token
                ? Optional.ofNullable(token.<String>getClaim("email"))
                : Optional.empty();
    }

    /** Takes the guest's cookie back: its guest has become an account. */
    void forgetGuest() {
        known = null;
        if (request.request().getCookie(GUEST_COOKIE) != null) {
            request.response()
                    .addCookie(Cookie.cookie(GUEST_COOKIE, "")
                            .setPath("/")
                            .setHttpOnly(true)
                            .setSameSite(CookieSameSite.LAX)
                            .setMaxAge(0));
        }
    }

    /** The role of the account; volunteer for guests. */
    public Role role() {
        AccountView account = find();
        return account == null ? Role.VOLUNTEER : account.role();
    }

    /** Whether {@link #require} would pass. */
    public boolean has(Role role) {
        return !isGuest() && role().includes(role);
    }

    /**
     * Passes for an account with at least that role.
     *
     * @throws Problem 401 for guests, 403 for lesser roles
     */
    public void require(Role role) {
        if (isGuest()) {
            throw Problem.unauthorized("this needs an account with the role " + role.key());
        }
        if (!role().includes(role)) {
            throw Problem.forbidden("this needs the role " + role.key() + ", you have " + role().key());
        }
    }

    private @Nullable AccountView find() {
        if (known == null) {
            SecurityIdentity identity = association.getIdentity();
            if (!identity.isAnonymous()) {
                known = signedIn(identity);
            } else {
                known = guest();
            }
            String named = request.request().getHeader(PAGE_OF);
            if (named != null && (known == null || !named.equals(Long.toString(known.id())))) {
                known = null;
                throw Problem.unauthorized("this request is volunteer " + named + "'s, who is not here (any more)"
                        + " in this browser: sign in again as them, or ask without the header " + PAGE_OF);
            }
        }
        return known;
    }

    private AccountView signedIn(SecurityIdentity identity) {
        AccountView account = identity.getAttribute(VolunteerIdentity.ACCOUNT);
        if (account != null) {
            return account;
        }
        String name = Accounts.normal(identity.getPrincipal().getName());
        return credentials
                .byUsername(name)
                .orElseThrow(() -> Problem.unauthorized("no account is named " + name + " any more"));
    }

    private @Nullable AccountView guest() {
        Cookie cookie = request.request().getCookie(GUEST_COOKIE);
        if (cookie == null || cookie.getValue().isEmpty()) {
            return null;
        }
        return credentials.byGuestSecret(cookie.getValue()).orElse(null);
    }
}
