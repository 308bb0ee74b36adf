package org.skysieve.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.notification.MailMessages;
import org.skysieve.notification.MailSubscriptions;

/**
 * Where the links in mails lead, for whoever has them, signed in or not. Opening one changes nothing: programs that look at
 * mails open all links. Ending the mails by POST is also what mail programs do by themselves (RFC 8058): it needs no cookie, takes
 * any body and answers without a redirect.
 */
@Path("/mail")
@Blocking
@Produces(MediaType.TEXT_HTML)
class MailPages {
    /** @param action where the button posts to; empty without a button */
    public record Said(String text, String action, String button) {}

    private final Frames frames;
    private final MailSubscriptions subscriptions;

    MailPages(Frames frames, MailSubscriptions subscriptions) {
        this.frames = frames;
        this.subscriptions = subscriptions;
    }

    @GET
    @Path("confirm")
    @Operation(hidden = true)
    public TemplateInstance confirm(@RestQuery @Nullable String token) {
        MailMessages words = words();
        return page(words.confirmTitle(), new Said(words.confirmLead(), path("confirm", token), words.confirmIt()));
    }

    @POST
    @Path("confirm")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public TemplateInstance confirmed(@RestQuery @Nullable String token) {
        MailMessages words = words();
        boolean done = subscriptions.confirm(text(token));
        return page(words.confirmTitle(), new Said(done ? words.confirmDone() : words.confirmStale(), "", ""));
    }

    @GET
    @Path("stop")
    @Operation(hidden = true)
    public TemplateInstance stop(@RestQuery @Nullable String token) {
        MailMessages words = words();
        return page(words.stopTitle(), new Said(words.stopLead(), path("stop", token), words.stopIt()));
    }

    @POST
    @Path("stop")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public TemplateInstance stopped(@RestQuery @Nullable String token) {
        subscriptions.stop(text(token));
        return page(words().stopTitle(), new Said(words().stopDone(), "", ""));
    }

    private MailMessages words() {
        return Words.bundle(MailMessages.class, frames.words().language());
    }

    private TemplateInstance page(String title, Said said) {
        return Templates.mailLink(frames.frame(title, "mail"), said);
    }

    private static String path(String what, @Nullable String token) {
        return "/mail/" + what + "?token=" + URLEncoder.encode(text(token), StandardCharsets.UTF_8);
    }

    private static String text(@Nullable String token) {
        return token == null ? "" : token;
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance mailLink(Frame frame, Said said);

        private Templates() {}
    }
}
