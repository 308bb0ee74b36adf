package org.skysieve.score;

import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Workflows;

/** Hands out the scores of a workflow. */
@Path("/api/v1/workflows/{id}/scores")
@Tag(name = "models")
public class ScoreResource {
    private static final String NDJSON = "application/x-ndjson";
    private static final int PAGE = 1000;

    private final Scores scores;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;
    private final ObjectMapper json;

    ScoreResource(Scores scores, Workflows workflows, CurrentVolunteer volunteer, ObjectMapper json) {
        this.scores = scores;
        this.workflows = workflows;
        this.volunteer = volunteer;
        this.json = json;
    }

    @GET
    @Produces(NDJSON)
    @Operation(summary = "All scores, one JSON object a line, by candidate id; for scientists")
    public Response all(@PathParam("id") long workflowId) {
        volunteer.require(Role.SCIENTIST);
        workflows.byId(workflowId);
        StreamingOutput lines = out -> {
            long after = 0;
            List<ScoredCandidate> page;
            do {
                page = scores.page(workflowId, after, PAGE);
                StringBuilder text = new StringBuilder();
                for (ScoredCandidate row : page) {
                    text.append(write(row)).append('\n');
                    after = row.candidateId();
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            } while (page.size() == PAGE);
        };
        return Response.ok(lines).type(NDJSON).build();
    }

    private String write(ScoredCandidate row) throws JsonProcessingException {
        return json.writeValueAsString(row);
    }
}
