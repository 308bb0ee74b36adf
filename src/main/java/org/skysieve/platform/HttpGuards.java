package org.skysieve.platform;

import java.net.URI;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes first.
 *
 * <p>Against cross-site request forgery no tokens are needed: browsers say where a request comes from. An unsafe request
 * must come from our own pages ({@code Sec-Fetch-Site: same-origin}) or from the user ({@code none}); browsers without
 * that header are judged by {@code Origin}, which must name our host. A request with neither is no browser's and has
 * no victim's cookies; one with a bearer token cannot be forged, since no other site knows it.
 */
@ApplicationScoped
class HttpGuards {
    /** Above authentication, so that a forged sign-in is stopped as well. */
    private static final int PRIORITY = 1000;

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    @ConfigMapping(prefix = "skysieve.http")
    interface Config {
        @WithDefault("default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
                + " form-action 'self'; frame-ancestors 'none'")
        String contentSecurityPolicy();
    }

    private final Config config;

    HttpGuards(Config config) {
        this.config = config;
    }

    void register(@Observes Filters filters) {
        filters.register(this::addHeaders, PRIORITY + 1);
        filters.register(this::refuseForgery, PRIORITY);
    }

    private void addHeaders(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", config.contentSecurityPolicy())
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
        if (context.request().isSSL()) {
            context.response().putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        context.next();
    }

    private void refuseForgery(RoutingContext context) {
        String refusal = forgery(context.request());
        if (refusal == null) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(403)
                .putHeader("Content-Type", "application/problem+json")
                .end(Problem.forbidden(refusal).toJson());
    }

    private static @Nullable String forgery(HttpServerRequest request) {
        if (SAFE.contains(request.method()) || isBearer(request.getHeader("Authorization"))) {
            return null;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none")
                    ? null
                    : "cross-site request: Sec-Fetch-Site is " + site + ", need same-origin";
        }
        String origin = request.getHeader("Origin");
        String host = request.authority() == null ? null : request.authority().toString();
        if (origin == null || isOf(origin, host)) {
            return null;
        }
        return "cross-site request: Origin is " + origin + ", need " + host;
    }

    private static boolean isBearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
    }

    private static boolean isOf(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
