package org.skysieve.account;

import java.net.URI;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The session of the browser that sent this request: a cookie that holds a name and a stamp of its password. */
@RequestScoped
class OpenSession {
    private static final int TEMPORARY_REDIRECT = 307;

    private final RoutingContext request;
    private final String cookie;
    private final String signIn;
    private final String locationCookie;

    OpenSession(
            RoutingContext request,
            @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie,
            @ConfigProperty(name = "quarkus.http.auth.form.post-location", defaultValue = "/j_security_check")
                    String signIn,
            @ConfigProperty(name = "quarkus.http.auth.form.location-cookie", defaultValue = "quarkus-redirect-location")
                    String locationCookie) {
        this.request = request;
        this.cookie = cookie;
        this.signIn = signIn;
        this.locationCookie = locationCookie;
    }

    /**
     * Has the browser send the form that it sent here on to the sign-in, with the fields {@code j_username} and
     * {@code j_password}.
     *
     * @param then the page to come to, on this host
     */
    Response again(URI then) {
        String address =
                URI.create(request.request().absoluteURI()).resolve(then).toString();
        return Response.status(TEMPORARY_REDIRECT)
                .location(URI.create(signIn))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // Where the form mechanism looks for the way back.
                .cookie(new NewCookie.Builder(locationCookie)
                        .value(address)
                        .path("/")
                        .httpOnly(true)
                        .sameSite(NewCookie.SameSite.LAX)
                        .secure(request.request().isSSL())
                        .build())
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
