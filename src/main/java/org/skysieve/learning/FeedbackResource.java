package org.skysieve.learning;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.Problem;

/** What a newcomer learns from their own answer. A POST, for it notes that they were told; it may be repeated at will. */
@Path("/api/v1/classifications/{id}")
@Tag(name = "learning")
@Produces(MediaType.APPLICATION_JSON)
class FeedbackResource {
    private final GoldFeedback feedback;
    private final CurrentVolunteer volunteer;

    FeedbackResource(GoldFeedback feedback, CurrentVolunteer volunteer) {
        this.feedback = feedback;
        this.volunteer = volunteer;
    }

    @POST
    @Path("feedback")
    public FeedbackView feedback(@PathParam("id") long id) {
        return feedback.on(
                id, volunteer.idIfKnown().orElseThrow(() -> Problem.notFound("no classification " + id + " of yours")));
    }
}
