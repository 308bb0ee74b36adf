package org.skysieve.classification;

import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;

/**
 * One entry of the log, for its author and for scientists. A class of its own, for rooms above serve more below this path:
 * Quarkus REST chooses the class by the longest literal prefix and does not look back at shorter ones.
 */
@Path("/api/v1/classifications/{id}")
class OneClassificationResource {
    private final Intake intake;
    private final CurrentVolunteer volunteer;

    OneClassificationResource(Intake intake, CurrentVolunteer volunteer) {
        this.intake = intake;
        this.volunteer = volunteer;
    }

    @GET
    public ClassificationView one(long id) {
        return intake.find(id)
                .filter(found -> volunteer.has(Role.SCIENTIST)
                        || volunteer.idIfKnown().equals(OptionalLong.of(found.volunteerId())))
                .orElseThrow(() -> Problem.notFound("no classification " + id + " of yours"));
    }
}
