package org.skysieve.web;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.TemplateInstance;

/** Answers to forms. */
final class Forms {
    private Forms() {}

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
