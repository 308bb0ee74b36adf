package org.skysieve.account;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** What the page of an account's settings posts to; what cannot be done goes back to it as {@code ?wrong=...}. */
@Path("/account/settings")
@Blocking
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
class OwnAccountForms {
    private final OwnAccount own;
    private final OpenSession session;
    private final CurrentVolunteer volunteer;
    private final RoutingContext request;

    OwnAccountForms(OwnAccount own, OpenSession session, CurrentVolunteer volunteer, RoutingContext request) {
        this.own = own;
        this.session = session;
        this.volunteer = volunteer;
        this.request = request;
    }

    /**
     * Another password: all sessions end, and this browser is signed in again. Status 307 has it send the same form on to the
     * sign-in, so the new password is called as there, and a cookie names the page to come back to.
     */
    @POST
    @Path("password")
    @Operation(hidden = true)
    public Response changePassword(
            @RestForm @Nullable String present,
            @RestForm("j_password") @Nullable String wanted,
            @RestForm boolean revokeTokens) {
        volunteer.require(Role.VOLUNTEER);
        try {
            own.changePassword(
                    volunteer.id(), text(present), text(wanted), revokeTokens, AttemptLimiter.address(request));
        } catch (Problem problem) {
            return back(problem);
        }
        return session.again(URI.create("/account/settings?done=password"));
    }

    @POST
    @Path("credit")
    @Operation(hidden = true)
    public Response credit(@RestForm boolean byName) {
        volunteer.require(Role.VOLUNTEER);
        own.credit(volunteer.id(), byName);
        return Response.seeOther(URI.create("/account/settings?done=credit")).build();
    }

    @POST
    @Path("erase")
    @Operation(hidden = true)
    public Response erase(@RestForm @Nullable String username) {
        volunteer.require(Role.VOLUNTEER);
        try {
            own.erase(volunteer.id(), text(username));
        } catch (Problem problem) {
            return back(problem);
        }
        session.end();
        return Response.seeOther(URI.create("/")).build();
    }

    private static Response back(Problem problem) {
        return Response.seeOther(URI.create(
                        "/account/settings?wrong=" + URLEncoder.encode(problem.detail(), StandardCharsets.UTF_8)))
                .build();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
