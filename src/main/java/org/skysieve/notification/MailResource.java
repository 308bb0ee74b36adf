package org.skysieve.notification;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.platform.ReaderLanguage;

/** News by mail, of one's own account. */
@Path("/api/v1/me/mail")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class MailResource {
    /** @param language a tag; null for the one that is kept */
    record Choice(boolean talk, boolean outcomes, @Nullable String language) {}

    /** @param language a tag; null for the one that the request asks for */
    record Wish(
            @NotNull String address,
            boolean talk,
            boolean outcomes,
            @Nullable String language) {}

    private final MailSubscriptions subscriptions;
    private final CurrentVolunteer current;
    private final RoutingContext request;

    MailResource(MailSubscriptions subscriptions, CurrentVolunteer current, RoutingContext request) {
        this.subscriptions = subscriptions;
        this.current = current;
        this.request = request;
    }

    @GET
    public MailSubscription subscription() {
        current.require(Role.VOLUNTEER);
        return subscriptions.of(current.id()).orElseThrow(() -> Problem.notFound("no address is kept for you"));
    }

    @POST
    public Response ask(@NotNull @Valid Wish wish) {
        current.require(Role.VOLUNTEER);
        Language language = wish.language == null ? ReaderLanguage.of(request) : language(wish.language);
        subscriptions.ask(current.id(), wish.address, language, wish.talk, wish.outcomes);
        return Response.accepted(subscription()).build();
    }

    @PUT
    public MailSubscription choose(@NotNull @Valid Choice choice) {
        current.require(Role.VOLUNTEER);
        Language language = choice.language == null ? null : language(choice.language);
        subscriptions.choose(current.id(), language, choice.talk, choice.outcomes);
        return subscription();
    }

    @DELETE
    public void end() {
        current.require(Role.VOLUNTEER);
        subscriptions.end(current.id());
    }

    private static Language language(String tag) {
        return Language.of(tag)
                .orElseThrow(() -> Problem.badField("language", "got \"" + tag + "\", need en, es or ar"));
    }
}
