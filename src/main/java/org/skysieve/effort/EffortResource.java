package org.skysieve.effort;

import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;

/** One's own hours and certificates by REST. */
@Path("/api/v1")
@Tag(name = "effort")
@Produces(MediaType.APPLICATION_JSON)
class EffortResource {
    /** @param days null where they are switched off */
    record Here(boolean shown, String zone, @Nullable DaysHere days) {}

    record Shown(@NotNull Boolean shown) {}

    private final Efforts efforts;
    private final Presence presence;
    private final Certificates certificates;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    EffortResource(
            Efforts efforts, Presence presence, Certificates certificates, CurrentVolunteer volunteer, Clock clock) {
        this.efforts = efforts;
        this.presence = presence;
        this.certificates = certificates;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Path("me/effort")
    public Given effort() {
        OptionalLong me = volunteer.idIfKnown();
        return me.isEmpty() ? new Given(0, 0, 0, 0, null, null) : efforts.of(me.getAsLong());
    }

    @GET
    @Path("me/days")
    public Here days(@RestQuery @Nullable String zone) {
        ZoneId asked = Presence.zone(zone);
        String name = asked == ZoneOffset.UTC ? "UTC" : asked.getId();
        OptionalLong me = volunteer.idIfKnown();
        if (me.isEmpty()) {
            return new Here(true, name, DaysHere.of(List.of(), LocalDate.ofInstant(clock.instant(), asked)));
        }
        DaysHere days = presence.of(me.getAsLong(), asked).orElse(null);
        return new Here(days != null, name, days);
    }

    /** Guests who have classified have the choice, too: it comes along at sign-up. */
    @PUT
    @Path("me/days")
    public Shown show(@NotNull @Valid Shown wanted) {
        presence.show(volunteer.id(), wanted.shown);
        return wanted;
    }

    @GET
    @Path("me/certificates")
    public List<Certificate> certificates() {
        volunteer.require(Role.VOLUNTEER);
        return certificates.of(volunteer.id());
    }

    @POST
    @Path("me/certificates")
    public Response issue() {
        Certificate made = certificates.issue(volunteer);
        return Response.created(URI.create("/certificates/" + made.code()))
                .entity(made)
                .build();
    }

    @GET
    @Path("certificates/{code}")
    public Certificate certificate(@PathParam("code") String code) {
        return certificates.find(code).orElseThrow(() -> Problem.notFound("no certificate has this code"));
    }
}
