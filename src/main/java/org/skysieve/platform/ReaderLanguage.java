package org.skysieve.platform;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.arc.Arc;
import io.quarkus.qute.EngineBuilder;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The language of whoever reads: {@code ?lang=} in the address, which is kept in a cookie, else the cookie, else what the
 * browser asks for, else English. Templates get it as their locale, answers as their headers.
 */
@ApplicationScoped
public class ReaderLanguage {
    /** Read as it stands: what is no language's tag is none of ours, however it is escaped. */
    private static final Pattern ASKED = Pattern.compile("(?:^|&)lang=([A-Za-z0-9_-]{2,35})(?:&|$)");

    static final String COOKIE = "skysieve-language";
    private static final long A_YEAR = 365L * 24 * 3600;
    /** Below the guards, above everything that writes words. */
    private static final int PRIORITY = 900;

    private final CurrentVertxRequest current;

    ReaderLanguage(CurrentVertxRequest current) {
        this.current = current;
    }

    /** English outside a request. */
    public Language now() {
        if (!Arc.container().requestContext().isActive()) {
            return Language.ENGLISH;
        }
        RoutingContext request = current.getCurrent();
        return request == null ? Language.ENGLISH : of(request);
    }

    /** The language of the reader who sent this request. */
    public static Language of(RoutingContext request) {
        Cookie cookie = request.request().getCookie(COOKIE);
        return choose(
                asked(request),
                cookie == null ? null : cookie.getValue(),
                request.request().getHeader("Accept-Language"));
    }

    static Language choose(@Nullable String parameter, @Nullable String cookie, @Nullable String acceptLanguage) {
        return Language.of(parameter).or(() -> Language.of(cookie)).orElseGet(() -> Language.accepted(acceptLanguage));
    }

    private static @Nullable String asked(RoutingContext request) {
        String query = request.request().query();
        Matcher found = ASKED.matcher(query == null ? "" : query);
        return found.find() ? found.group(1) : null;
    }

    void register(@Observes Filters filters) {
        filters.register(ReaderLanguage::keep, PRIORITY);
    }

    void localise(@Observes EngineBuilder engine) {
        engine.addTemplateInstanceInitializer(instance -> instance.setLocale(now().tag()));
    }

    private static void keep(RoutingContext request) {
        HttpServerResponse response = request.response();
        Language.of(asked(request))
                .ifPresent(chosen -> response.addCookie(Cookie.cookie(COOKIE, chosen.tag())
                        .setPath("/")
                        .setMaxAge(A_YEAR)
                        .setSameSite(CookieSameSite.LAX)
                        .setSecure(request.request().isSSL())));
        request.addHeadersEndHandler(done -> {
            String type = response.headers().get("Content-Type");
            if (type != null && type.startsWith("text/html")) {
                response.putHeader("Content-Language", of(request).tag());
                response.headers().add("Vary", "Accept-Language, Cookie");
            }
        });
        request.next();
    }
}
