package org.skysieve.account;

import java.net.URI;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.skysieve.platform.WayBack;

/** The session of the browser that sent this request: a cookie that holds a name and a stamp of its password. */
@RequestScoped
class OpenSession {
    private static final int TEMPORARY_REDIRECT = 307;

    private final RoutingContext request;
    private final String cookie;
    private final String signIn;
    private final WayBack wayBack;

    OpenSession(
            RoutingContext request,
            @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie,
            @ConfigProperty(name = "quarkus.http.auth.form.post-location", defaultValue = "/j_security_check")
                    String signIn,
            WayBack wayBack) {
        this.request = request;
        this.cookie = cookie;
        this.signIn = signIn;
        this.wayBack = wayBack;
    }

    /**
     * Has the browser send the form that it sent here on to the sign-in, with the fields {@code j_username} and
     * {@code j_password}.
     *
     * @param then the page to come to, on this host
     */
    Response again(URI then) {
        wayBack.to(then, request);
        return Response.status(TEMPORARY_REDIRECT)
                .location(URI.create(signIn))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** Ends it, if there is one. */
    void end() {
        if (request.request().getCookie(cookie) != null) {
            request.response()
                    .addCookie(Cookie.cookie(cookie, "")
                            .setPath("/")
                            .setHttpOnly(true)
                            .setMaxAge(0));
        }
    }
}
