package org.skysieve.account;

import jakarta.enterprise.context.RequestScoped;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The session of the browser that sent this request: a cookie that holds a name. */
@RequestScoped
class OpenSession {
    private final RoutingContext request;
    private final String cookie;

    OpenSession(RoutingContext request, @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie) {
        this.request = request;
        this.cookie = cookie;
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
