package org.skysieve.classification;

import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;

/** Votes: taken in, and read back by who gave them. */
@Path("/api/v1/classifications")
class ClassificationResource {
    /** What a client posts; ids may be strings or numbers. */
    record Request(
            @NotNull UUID clientId,
            @NotNull Long workflowId,
            @NotNull Long candidateId,
            @Nullable Long assignmentId,
            @Nullable String answer,
            @Nullable Long supersedes,
            @PositiveOrZero @Nullable Long elapsedMs) {}

    private final Intake intake;
    private final AnswerKeys answerKeys;
    private final CurrentVolunteer volunteer;

    ClassificationResource(Intake intake, AnswerKeys answerKeys, CurrentVolunteer volunteer) {
        this.intake = intake;
        this.answerKeys = answerKeys;
        this.volunteer = volunteer;
    }

    @POST
    public Response record(@Valid @NotNull Request request) {
        Intake.Reach reach = volunteer.has(Role.SCIENTIST) ? Intake.Reach.ANY : Intake.Reach.SERVED;
        // Nobody unknown was ever served anything: no guest is made for them here.
        long volunteerId = volunteer
                .idIfKnown()
                .orElseThrow(() -> Problem.forbidden("candidate " + request.candidateId()
                        + " was not served to you: ask POST /api/v1/workflows/" + request.workflowId()
                        + "/assignments first and keep its cookie, or sign in"));
        Intake.Receipt receipt = intake.record(parse(request), volunteerId, reach);
        URI location =
                URI.create("/api/v1/classifications/" + receipt.classification().id());
        return (receipt.created() ? Response.created(location) : Response.ok().location(location))
                .entity(receipt.classification())
                .build();
    }

    @GET
    public Page<ClassificationView> mine(
            @QueryParam("workflowId") @Nullable Long workflowId,
            @QueryParam("standing") boolean standing,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        int size = Page.limit(limit);
        long before = Cursor.read(cursor, Long.MAX_VALUE);
        OptionalLong volunteerId = volunteer.idIfKnown();
        List<ClassificationView> rows = volunteerId.isEmpty()
                ? List.of()
                : intake.ofVolunteer(volunteerId.getAsLong(), workflowId, before, size + 1, standing);
        return Page.of(rows, size, ClassificationView::id);
    }

    private NewClassification parse(Request request) {
        String key = request.answer();
        if (key == null && request.supersedes() == null) {
            throw Problem.badField(
                    "answer",
                    "missing; need one of " + String.join(", ", answerKeys.of(request.workflowId()))
                            + ", or supersedes to withdraw an earlier answer");
        }
        Long elapsedMs = request.elapsedMs();
        return new NewClassification(
                request.clientId(),
                request.workflowId(),
                request.candidateId(),
                request.assignmentId(),
                key == null ? null : answerKeys.index(request.workflowId(), key),
                request.supersedes(),
                // A tab left open for a month overflows an int: as good as a month.
                elapsedMs == null ? null : (int) Math.min(elapsedMs, Integer.MAX_VALUE));
    }
}
