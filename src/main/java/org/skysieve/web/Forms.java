package org.skysieve.web;

import java.util.UUID;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.TemplateInstance;

import org.skysieve.platform.Problem;

/** What forms send by themselves, and answers to them. What people type is read by {@link Typed}. */
final class Forms {
    private Forms() {}

    /** A field that the page itself filled in; empty where nothing was sent. */
    static String text(MultivaluedMap<String, String> sent, String field) {
        String value = sent.getFirst(field);
        return value == null ? "" : value;
    }

    /** @throws Problem 400 for what is no whole number */
    static long number(MultivaluedMap<String, String> sent, String field) {
        try {
            return Long.parseLong(text(sent, field));
        } catch (NumberFormatException notANumber) {
            throw Problem.badField(field, "got \"" + text(sent, field) + "\", need a whole number");
        }
    }

    /** What makes an act sent twice one. */
    static UUID clientId(MultivaluedMap<String, String> sent) {
        try {
            return UUID.fromString(text(sent, "clientId"));
        } catch (IllegalArgumentException notAnId) {
            throw Problem.badField("clientId", "got \"" + text(sent, "clientId") + "\", need a UUID");
        }
    }

    /** The form once more, with what was typed and what is wrong with it. */
    static Response refused(TemplateInstance page) {
        return with(400, page);
    }

    static Response with(int status, TemplateInstance page) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .entity(page.render())
                .build();
    }
}
