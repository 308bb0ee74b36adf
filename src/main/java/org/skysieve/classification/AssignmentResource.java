package org.skysieve.classification;

import java.util.OptionalLong;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.Problem;

/** Assignments that end without an answer. They are handed out by room {@code selection}. */
@Path("/api/v1/assignments/{id}")
class AssignmentResource {
    private final Assignments assignments;
    private final CurrentVolunteer volunteer;

    AssignmentResource(Assignments assignments, CurrentVolunteer volunteer) {
        this.assignments = assignments;
        this.volunteer = volunteer;
    }

    @POST
    @Path("skip")
    public void skip(long id) {
        check(id, assignments.skip(id, ownerOf(id)));
    }

    @DELETE
    public void release(long id) {
        check(id, assignments.release(id, ownerOf(id)));
    }

    private long ownerOf(long id) {
        OptionalLong known = volunteer.idIfKnown();
        return known.orElseThrow(() -> unknown(id));
    }

    private static void check(long id, Assignments.Closing closing) {
        switch (closing) {
            case UNKNOWN -> throw unknown(id);
            case ANSWERED ->
                throw Problem.conflict("assignment " + id + " is answered: supersede the classification to change it");
            case CLOSED -> {}
        }
    }

    private static Problem unknown(long id) {
        return Problem.notFound("no assignment " + id + " of yours");
    }
}
