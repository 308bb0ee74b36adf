package org.skysieve.learning;

import java.util.OptionalLong;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.Problem;
import org.skysieve.platform.RandomSource;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Practice by REST: what comes back is no vote, and no vote comes of it. */
@Path("/api/v1/workflows/{id}/practice")
@Tag(name = "learning")
@Produces(MediaType.APPLICATION_JSON)
class PracticeResource {
    record Drawn(
            @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
            Long candidateId) {}

    record Attempt(@NotNull Long candidateId, @NotNull String answer) {}

    private final Practice practice;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;
    private final RandomSource random;

    PracticeResource(Practice practice, Workflows workflows, CurrentVolunteer volunteer, RandomSource random) {
        this.practice = practice;
        this.workflows = workflows;
        this.volunteer = volunteer;
        this.random = random;
    }

    @GET
    public Drawn draw(@PathParam("id") long workflowId, @QueryParam("previous") @Nullable Long previous) {
        return new Drawn(practice.draw(
                        workflows.byId(workflowId),
                        volunteer.idIfKnown(),
                        previous == null ? OptionalLong.empty() : OptionalLong.of(previous),
                        random.split())
                .orElse(null));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Truth answer(@PathParam("id") long workflowId, @NotNull @Valid Attempt attempt) {
        WorkflowView workflow = workflows.byId(workflowId);
        int answer = workflow.answerOf(attempt.answer)
                .orElseThrow(() -> Problem.badField(
                        "answer", "got \"" + attempt.answer + "\", need one of the workflow's answers"));
        return practice.answer(workflow, volunteer.id(), attempt.candidateId, answer);
    }
}
