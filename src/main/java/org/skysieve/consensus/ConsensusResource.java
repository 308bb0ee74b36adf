package org.skysieve.consensus;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.Reveals;
import org.skysieve.platform.Problem;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * The consensus by REST. A volunteer sees a candidate's consensus once they have answered about it, or when it is
 * retired and no gold standard: nobody's answer may be led, and no test may be told from the rest.
 */
@Path("/api/v1/workflows/{id}")
@Tag(name = "consensus")
@Produces(MediaType.APPLICATION_JSON)
public class ConsensusResource {
    private final ConsensusLabels labels;
    private final Traces traces;
    private final DetailSummaries details;
    private final Reliabilities reliabilities;
    private final ConsensusProgress progress;
    private final ConsensusAudit audit;
    private final ClassificationLog log;
    private final GoldStandards goldStandards;
    private final Reveals reveals;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    @SuppressWarnings("TooManyParameters")
    ConsensusResource(
            ConsensusLabels labels,
            Traces traces,
            DetailSummaries details,
            Reliabilities reliabilities,
            ConsensusProgress progress,
            ConsensusAudit audit,
            ClassificationLog log,
            GoldStandards goldStandards,
            Reveals reveals,
            Workflows workflows,
            CurrentVolunteer volunteer) {
        this.labels = labels;
        this.traces = traces;
        this.details = details;
        this.reliabilities = reliabilities;
        this.progress = progress;
        this.audit = audit;
        this.log = log;
        this.goldStandards = goldStandards;
        this.reveals = reveals;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    @Path("/candidates/{candidateId}/consensus")
    public ConsensusView consensus(@PathParam("id") long workflowId, @PathParam("candidateId") long candidateId) {
        workflows.byId(workflowId);
        requireSight(workflowId, candidateId);
        return labels.find(workflowId, candidateId).orElseThrow(() -> none(workflowId, candidateId));
    }

    @GET
    @Path("/candidates/{candidateId}/trace")
    public Trace trace(@PathParam("id") long workflowId, @PathParam("candidateId") long candidateId) {
        workflows.byId(workflowId);
        requireSight(workflowId, candidateId);
        return traces.of(workflowId, candidateId).orElseThrow(() -> none(workflowId, candidateId));
    }

    /** What people added to their answers. */
    @GET
    @Path("/candidates/{candidateId}/details")
    public DetailSummary details(@PathParam("id") long workflowId, @PathParam("candidateId") long candidateId) {
        WorkflowView workflow = workflows.byId(workflowId);
        requireSight(workflowId, candidateId);
        return details.of(workflow, candidateId);
    }

    @GET
    @Path("/consensus/status")
    public ConsensusProgress.Status status(@PathParam("id") long workflowId) {
        workflows.byId(workflowId);
        return progress.status(workflowId);
    }

    @POST
    @Path("/consensus/verify")
    public ConsensusAudit.Verification verify(@PathParam("id") long workflowId) {
        volunteer.require(Role.MODERATOR);
        workflows.byId(workflowId);
        return audit.verify(workflowId);
    }

    @GET
    @Path("/me/reliability")
    public ReliabilityView mine(@PathParam("id") long workflowId) {
        workflows.byId(workflowId);
        OptionalLong me = volunteer.idIfKnown();
        if (me.isEmpty()) {
            throw Problem.notFound("no vote of yours is known in workflow " + workflowId);
        }
        return reliabilities
                .of(workflowId, me.getAsLong())
                .orElseThrow(() -> Problem.notFound("no vote of yours is known in workflow " + workflowId));
    }

    private void requireSight(long workflowId, long candidateId) {
        OptionalInt gold = goldStandards.answer(workflowId, candidateId);
        OptionalLong me = volunteer.idIfKnown();
        if (volunteer.has(Role.SCIENTIST)
                || me.isPresent() && log.hasClassified(workflowId, candidateId, me.getAsLong())) {
            if (gold.isPresent() && me.isPresent()) {
                reveals.note(workflowId, me.getAsLong(), List.of(candidateId));
            }
            return;
        }
        boolean retired = labels.find(workflowId, candidateId)
                .map(view -> !view.outcome().equals("open"))
                .orElse(false);
        if (!retired || gold.isPresent()) {
            throw Problem.forbidden("the consensus of candidate " + candidateId
                    + " shows once you have classified it, or once it is retired");
        }
    }

    private static Problem none(long workflowId, long candidateId) {
        return Problem.notFound("candidate " + candidateId + " has no consensus in workflow " + workflowId);
    }
}
