package org.skysieve.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.Accounts;
import org.skysieve.platform.WayBack;

/** The pages to sign in and to sign up. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
class SignInPages {
    private final Frames frames;
    private final WayBack wayBack;
    private final RoutingContext request;

    SignInPages(Frames frames, WayBack wayBack, RoutingContext request) {
        this.frames = frames;
        this.wayBack = wayBack;
        this.request = request;
    }

    /**
     * @param error present after a sign-in that failed
     * @param next the page of this host to come to
     */
    @GET
    @Path("sign-in")
    @Operation(hidden = true)
    public TemplateInstance signIn(@RestQuery @Nullable String error, @RestQuery @Nullable String next) {
        wayBack.ifHere(next, request);
        return Templates.signIn(frames.frame(frames.messages().signIn(), "sign-in"), error != null);
    }

    /**
     * @param error present after a form that could not be accepted: which field, or "taken" or "busy"
     * @param username as it was typed
     * @param next the page of this host to come to
     */
    @GET
    @Path("sign-up")
    @Operation(hidden = true)
    public TemplateInstance signUp(
            @RestQuery @Nullable String error, @RestQuery @Nullable String username, @RestQuery @Nullable String next) {
        wayBack.ifHere(next, request);
        return Templates.signUp(
                frames.frame(frames.messages().signUp(), "sign-up"),
                error == null ? "" : complaint(frames.messages(), error),
                username == null ? "" : username,
                Accounts.MIN_PASSWORD);
    }

    private static String complaint(Messages messages, String error) {
        return switch (error) {
            case "taken" -> messages.signUpTaken();
            case "busy" -> messages.signUpBusy();
            case "password" -> messages.signUpPassword(Accounts.MIN_PASSWORD, Accounts.MAX_PASSWORD);
            case "displayName" -> messages.signUpDisplayName();
            default -> messages.signUpUsername();
        };
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance signIn(Frame frame, boolean failed);

        static native TemplateInstance signUp(Frame frame, String complaint, String username, int shortest);

        private Templates() {}
    }
}
