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

    @GET
    @Path("sign-up")
    @Operation(hidden = true)
    public TemplateInstance signUp() {
        return Templates.signUp(frames.frame("Sign up", "sign-up"), Accounts.MIN_PASSWORD);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance signIn(Frame frame, boolean failed);

        static native TemplateInstance signUp(Frame frame, int shortest);

        private Templates() {}
    }
}
