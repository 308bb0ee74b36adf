package org.skysieve.effort;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** One's own skill by class and brightness. */
@Path("/api/v1/workflows/{id}")
@Tag(name = "effort")
@Produces(MediaType.APPLICATION_JSON)
class SkillResource {
    record Skill(List<Row> rows) {}

    /**
     * @param answer key of the class
     * @param brightness faint, medium, bright, or unknown
     */
    record Row(String answer, String brightness, int n, int right, double mean, double low, double high) {}

    private final Efforts efforts;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    SkillResource(Efforts efforts, Workflows workflows, CurrentVolunteer volunteer) {
        this.efforts = efforts;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    @GET
    @Path("me/skill")
    public Skill skill(@PathParam("id") long workflowId) {
        WorkflowView workflow = workflows.byId(workflowId);
        OptionalLong me = volunteer.idIfKnown();
        if (me.isEmpty()) {
            return new Skill(List.of());
        }
        return new Skill(efforts.skill(workflowId, me.getAsLong(), workflow.classes()).stream()
                .filter(cell -> cell.n() > 0)
                .map(cell -> new Row(
                        workflow.answers().get(cell.answer()).key(),
                        cell.brightness().name().toLowerCase(Locale.ROOT),
                        cell.n(),
                        cell.right(),
                        cell.mean(),
                        cell.low(),
                        cell.high()))
                .toList());
    }
}
