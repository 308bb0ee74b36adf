package org.skysieve.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.vertx.ext.web.RoutingContext;

/** One's own account. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class OwnAccountResource {
    record Passwords(@NotNull String present, @NotNull String wanted) {}

    /** @param username one's own, against a slip */
    record Erasure(@NotNull String username) {}

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
        own.changePassword(current.id(), passwords.present, passwords.wanted, AttemptLimiter.address(request));
    }

    @POST
    @Path("me/erasure")
    public void erase(@NotNull @Valid Erasure erasure) {
        current.require(Role.VOLUNTEER);
        own.erase(current.id(), erasure.username);
    }
}
