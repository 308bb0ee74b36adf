package org.skysieve.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** One's own account. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class OwnAccountResource {
    /** @param revokeTokens takes all access tokens out of use as well, also the one that asks for it; no unless said */
    record Passwords(
            @NotNull String present,
            @NotNull String wanted,
            @Nullable Boolean revokeTokens) {}

    /** @param username one's own, against a slip */
    record Erasure(@NotNull String username) {}

    /** @param byName whether one may be named on the pages of candidates; off until one says so */
    record Credit(@NotNull Boolean byName) {}

    private final OwnAccount own;
    private final CurrentVolunteer current;
    private final RoutingContext request;

    OwnAccountResource(OwnAccount own, CurrentVolunteer current, RoutingContext request) {
        this.own = own;
        this.current = current;
        this.request = request;
    }

    @PUT
    @Path("me/password")
    public void changePassword(@NotNull @Valid Passwords passwords) {
        current.require(Role.VOLUNTEER);
        own.changePassword(
                current.id(),
                passwords.present,
                passwords.wanted,
                Boolean.TRUE.equals(passwords.revokeTokens),
                AttemptLimiter.address(request));
    }

    @PUT
    @Path("me/credit")
    public Credit credit(@NotNull @Valid Credit credit) {
        current.require(Role.VOLUNTEER);
        own.credit(current.id(), credit.byName);
        return credit;
    }

    @GET
    @Path("me/credit")
    public Credit credit() {
        current.require(Role.VOLUNTEER);
        return new Credit(own.credited(current.id()));
    }

    @POST
    @Path("me/erasure")
    public void erase(@NotNull @Valid Erasure erasure) {
        current.require(Role.VOLUNTEER);
        own.erase(current.id(), erasure.username);
    }
}
