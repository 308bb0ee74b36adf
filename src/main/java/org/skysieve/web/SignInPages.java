package org.skysieve.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.Accounts;

/** The pages to sign in and to sign up. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
class SignInPages {
    private final Frames frames;

    SignInPages(Frames frames) {
        this.frames = frames;
    }

    /** @param error present after a sign-in that failed */
    @GET
    @Path("sign-in")
    @Operation(hidden = true)
    public TemplateInstance signIn(@RestQuery @Nullable String error) {
        return Templates.signIn(frames.frame("Sign in", "sign-in"), error != null);
    }

    /**
     * @param error present after a form that could not be accepted: which field, or "taken" or "busy"
     * @param username as it was typed
     */
    @GET
    @Path("sign-up")
    @Operation(hidden = true)
    public TemplateInstance signUp(@RestQuery @Nullable String error, @RestQuery @Nullable String username) {
        return Templates.signUp(
                frames.frame("Sign up", "sign-up"),
                error == null ? "" : complaint(error),
                username == null ? "" : username,
                Accounts.MIN_PASSWORD);
    }

    private static String complaint(String error) {
        return switch (error) {
            case "taken" -> "That username is taken. Please choose another.";
            case "busy" -> "Too many accounts were made from your network just now. Please try again later.";
            case "password" ->
                "Please choose a password of " + Accounts.MIN_PASSWORD + " to " + Accounts.MAX_PASSWORD
                        + " characters that is not your username.";
            case "displayName" -> "Please choose a shorter name to be credited by.";
            default -> "Please choose a username of 3 to 40 letters, digits, dots, dashes and underscores.";
        };
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance signIn(Frame frame, boolean failed);

        static native TemplateInstance signUp(Frame frame, String complaint, String username, int shortest);

        private Templates() {}
    }
}
