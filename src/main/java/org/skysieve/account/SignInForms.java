package org.skysieve.account;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** What the pages of sign-up and sign-out post to; signing in itself is {@code /j_security_check} of the framework. */
@Path("/")
class SignInForms {
    private static final int TEMPORARY_REDIRECT = 307;

    private final SignUp signUp;
    private final CurrentIdentityAssociation identity;
    private final OpenSession session;

    SignInForms(SignUp signUp, CurrentIdentityAssociation identity, OpenSession session) {
        this.signUp = signUp;
        this.identity = identity;
        this.session = session;
    }

    /**
     * Makes an account and signs it in: status 307 has the browser send the same form on to the sign-in, so the fields
     * are called as there. A form that cannot be accepted goes back to {@code /sign-up?error=...&username=...}, where
     * error is {@code taken}, {@code username}, {@code displayName}, {@code password} or {@code busy}.
     */
    @POST
    @Path("sign-up")
    // No multipart: whoever comes could spool files here.
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response signUp(
            @RestForm("j_username") @Nullable String username,
            @RestForm("j_password") @Nullable String password,
            @RestForm @Nullable String displayName) {
        String name = username == null ? "" : username;
        try {
            signUp.now(name, displayName, password == null ? "" : password);
        } catch (Problem problem) {
            return Response.seeOther(URI.create("/sign-up?error=" + reason(problem) + "&username="
                            + URLEncoder.encode(name, StandardCharsets.UTF_8)))
                    .build();
        }
        return Response.status(TEMPORARY_REDIRECT)
                .location(URI.create("/j_security_check"))
                .build();
    }

    private static String reason(Problem problem) {
        return switch (problem.status()) {
            case 409 -> "taken";
            case 429 -> "busy";
            default ->
                problem.errors().isEmpty()
                        ? "username"
                        : problem.errors().get(0).field();
        };
    }

    /** Ends the session of this browser; a guest stays who they are. */
    @POST
    @Path("sign-out")
    public Response signOut() {
        if (!identity.getIdentity().isAnonymous()) {
            session.end();
        }
        return Response.seeOther(URI.create("/")).build();
    }
}
