package org.skysieve.ingest;

import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * The server's limit on bodies is made for archives of a night, which are streamed. Every other body is read into
 * memory and gets a limit of its own.
 */
@ApplicationScoped
class BodyLimit {
    private static final int PRIORITY = 900;

    private static final Pattern STREAMED = Pattern.compile("/api/v1/projects/[^/]+/ingests/?");

    private static final Pattern UPLOADED =
            Pattern.compile("/projects/[^/]+/(setup/alerts|outcomes/tns)|/api/v1/projects/[^/]+/outcomes/tns");

    @ConfigMapping(prefix = "skysieve.http.body")
    interface Config {
        /** The longest body of a request other than an upload of alerts. */
        @WithDefault("4M")
        MemorySize maxSize();

        /** The longest upload of alerts, or of a file of outcomes, by a form; it is kept in a file while it is read. */
        @WithDefault("64M")
        MemorySize maxUpload();
    }

    private final long usual;
    private final long upload;

    BodyLimit(Config config) {
        this.usual = config.maxSize().asLongValue();
        this.upload = config.maxUpload().asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        if (STREAMED.matcher(context.normalizedPath()).matches()) {
            context.next();
            return;
        }
        long limit = UPLOADED.matcher(context.normalizedPath()).matches() ? upload : usual;
        String declared = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (declared == null) {
            // Counted while it is read.
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, limit);
            context.next();
        } else if (tooLong(declared, limit)) {
            JsonObject problem = new JsonObject()
                    .put("type", "about:blank")
                    .put("title", "Too large")
                    .put("status", 413)
                    .put("detail", "got a body of " + declared + " bytes, need at most " + limit);
            context.response()
                    .setStatusCode(413)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .end(problem.encode());
        } else {
            context.next();
        }
    }

    private static boolean tooLong(String declared, long limit) {
        try {
            return Long.parseLong(declared) > limit;
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
