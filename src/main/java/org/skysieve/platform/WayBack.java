package org.skysieve.platform;

import java.net.URI;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The page to come to after a sign-in: a cookie in which the form mechanism looks for it. */
@ApplicationScoped
public class WayBack {
    private static final int LONGEST = 1000;

    private final String cookie;

    WayBack(
            @ConfigProperty(name = "quarkus.http.auth.form.location-cookie", defaultValue = "quarkus-redirect-location")
                    String cookie) {
        this.cookie = cookie;
    }

    /** To the page that was asked for. */
    void toThis(RoutingContext request) {
        ifHere(request.request().uri(), request);
    }

    /**
     * To a page, if it is one of this host.
     *
     * @param page a path with a query; anything else, or nothing, changes nothing
     */
    public void ifHere(@Nullable String page, RoutingContext request) {
        if (page == null || !page.startsWith("/") || page.length() > LONGEST) {
            return;
        }
        try {
            URI target = here(request).resolve(page);
            if (here(request).getRawAuthority().equals(target.getRawAuthority())) {
                to(target, request);
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Written by hand, or by a browser that is lax: signing in leads to the front page.
        }
    }

    /** @param page of this host, as a reference that is resolved against the address of the request */
    public void to(URI page, RoutingContext request) {
        // What an address may hold and a cookie may not.
        String address =
                here(request).resolve(page).toASCIIString().replace(",", "%2C").replace(";", "%3B");
        request.response()
                .addCookie(Cookie.cookie(cookie, address)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.LAX)
                        .setSecure(request.request().isSSL()));
    }

    /** The root of this host: the rest of the request's address may be none that is well-formed. */
    private static URI here(RoutingContext request) {
        return URI.create(request.request().scheme() + "://" + request.request().authority() + "/");
    }
}
