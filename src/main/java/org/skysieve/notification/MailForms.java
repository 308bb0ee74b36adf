package org.skysieve.notification;

import java.net.URI;

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

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.platform.ReaderLanguage;

/**
 * What the section on mail of an account's settings posts to. What cannot be done goes back there as {@code ?wrong=...}, where the
 * page has the words: {@code mail-address}, {@code mail-choice}, {@code mail-often}, {@code mail-server}, {@code mail-none} or
 * {@code mail-off}.
 */
@Path("/account/settings/mail")
@Blocking
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
class MailForms {
    private final MailSubscriptions subscriptions;
    private final CurrentVolunteer volunteer;
    private final RoutingContext request;

    MailForms(MailSubscriptions subscriptions, CurrentVolunteer volunteer, RoutingContext request) {
        this.subscriptions = subscriptions;
        this.volunteer = volunteer;
        this.request = request;
    }

    @POST
    @Operation(hidden = true)
    public Response ask(@RestForm @Nullable String address, @RestForm boolean talk, @RestForm boolean outcomes) {
        volunteer.require(Role.VOLUNTEER);
        try {
            boolean sent = subscriptions.ask(
                    volunteer.id(), address == null ? "" : address, ReaderLanguage.of(request), talk, outcomes);
            return back("done", sent ? "mail-asked" : "mail");
        } catch (Problem problem) {
            return back("wrong", reason(problem, "mail-off"));
        }
    }

    @POST
    @Path("choice")
    @Operation(hidden = true)
    public Response choose(@RestForm boolean talk, @RestForm boolean outcomes) {
        volunteer.require(Role.VOLUNTEER);
        try {
            subscriptions.choose(volunteer.id(), ReaderLanguage.of(request), talk, outcomes);
            return back("done", "mail");
        } catch (Problem problem) {
            return back("wrong", reason(problem, "mail-none"));
        }
    }

    @POST
    @Path("end")
    @Operation(hidden = true)
    public Response end() {
        volunteer.require(Role.VOLUNTEER);
        subscriptions.end(volunteer.id());
        return back("done", "mail-ended");
    }

    /** @param missing what status 404 means */
    private static String reason(Problem problem, String missing) {
        return switch (problem.status()) {
            case 400 ->
                problem.errors().stream().anyMatch(error -> error.field().equals("address"))
                        ? "mail-address"
                        : "mail-choice";
            case 429 -> "mail-often";
            case 503 -> "mail-server";
            default -> missing;
        };
    }

    private static Response back(String what, String how) {
        return Response.seeOther(URI.create("/account/settings?" + what + "=" + how))
                .build();
    }
}
