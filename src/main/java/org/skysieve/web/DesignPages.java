package org.skysieve.web;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The components that pages are made of, for whoever makes another page. */
@Path("/design")
@Blocking
@Produces(MediaType.TEXT_HTML)
class DesignPages {
    /** Tokens of web/app/tokens.css. */
    private static final List<String> COLOURS = List.of(
            "page",
            "surface",
            "sunken",
            "line",
            "line-strong",
            "ink",
            "muted",
            "accent",
            "accent-soft",
            "good",
            "warn",
            "bad",
            "focus",
            "hue-0",
            "hue-1",
            "hue-2",
            "hue-3",
            "hue-4",
            "hue-5",
            "band-u",
            "band-g",
            "band-r",
            "band-i",
            "band-z",
            "band-y");

    private final Frames frames;

    DesignPages(Frames frames) {
        this.frames = frames;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance design() {
        return Templates.design(frames.frame("Design", "design"), COLOURS);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance design(Frame frame, List<String> colours);

        private Templates() {}
    }
}
