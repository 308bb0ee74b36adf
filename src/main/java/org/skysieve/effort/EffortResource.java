package org.skysieve.effort;

import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;

/** One's own hours and certificates by REST. */
@Path("/api/v1")
@Tag(name = "effort")
@Produces(MediaType.APPLICATION_JSON)
class EffortResource {
    private final Efforts efforts;
    private final Certificates certificates;
    private final CurrentVolunteer volunteer;

    EffortResource(Efforts efforts, Certificates certificates, CurrentVolunteer volunteer) {
        this.efforts = efforts;
        this.certificates = certificates;
        this.volunteer = volunteer;
    }

    @GET
    @Path("me/effort")
    public Given effort() {
        OptionalLong me = volunteer.idIfKnown();
        return me.isEmpty() ? new Given(0, 0, 0, 0, null, null) : efforts.of(me.getAsLong());
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
