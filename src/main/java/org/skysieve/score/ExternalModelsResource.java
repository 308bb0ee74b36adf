package org.skysieve.score;

import java.util.List;
import java.util.regex.Pattern;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.model.LabelFeed;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** The protocol by which models that run elsewhere take part; for scientists. */
@Path("/api/v1/workflows/{id}/external-models")
@Tag(name = "models")
@Produces(MediaType.APPLICATION_JSON)
public class ExternalModelsResource {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final int MOST_WITH_CUTOUTS = 100;

    private final ExternalModels models;
    private final LabelFeed labels;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    ExternalModelsResource(ExternalModels models, LabelFeed labels, Workflows workflows, CurrentVolunteer volunteer) {
        this.models = models;
        this.labels = labels;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /** What there is to say of a model; what is left out is empty, or 0. */
    public record Description(
            @Nullable String description,
            @Nullable String url,
            @Nullable Double share) {}

    /** @param firstTime candidates that the model had not scored before */
    public record Taken(int scores, int firstTime) {}

    @GET
    @Operation(summary = "The workflow's external models, with their trials on the evaluation sample")
    public List<ExternalModelView> all(@PathParam("id") long workflowId) {
        return models.all(workflow(workflowId));
    }

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes a model known, or changes what is known of it")
    public ExternalModelView put(
            @PathParam("id") long workflowId, @PathParam("name") String name, @Nullable Description said) {
        WorkflowView workflow = workflow(workflowId);
        if (!NAME.matcher(name).matches()) {
            throw Problem.badField("name", "got \"" + name + "\", need 1 to 40 lower-case letters, digits and hyphens");
        }
        String description = said == null || said.description == null ? "" : said.description;
        String url = said == null ? null : said.url;
        if (description.length() > 2000) {
            throw Problem.badField("description", "got " + description.length() + " characters, need 2000 at most");
        }
        if (url != null && !(url.length() <= 500 && url.matches("https?://\\S+"))) {
            throw Problem.badField("url", "got \"" + url + "\", need an address that begins with http:// or https://");
        }
        models.put(workflow, name, description, url, said == null || said.share == null ? 0 : said.share);
        return models.find(workflow, name);
    }

    @GET
    @Path("{name}/candidates")
    @Operation(summary = "Candidates to score, a page at a time: those open, unscored, or all")
    public Page<ExternalCandidate> candidates(
            @PathParam("id") long workflowId,
            @PathParam("name") String name,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("which") @DefaultValue("open") String which,
            @QueryParam("cutouts") @DefaultValue("false") boolean cutouts) {
        WorkflowView workflow = workflow(workflowId);
        int most = Page.limit(limit);
        if (cutouts && most > MOST_WITH_CUTOUTS) {
            throw Problem.badField("limit", "got " + most + ", need 1.." + MOST_WITH_CUTOUTS + " with cutouts");
        }
        return Page.of(
                models.toScore(workflow, name, Cursor.read(cursor, 0), most + 1, which(which), cutouts),
                most,
                ExternalCandidate::candidateId);
    }

    @GET
    @Path("labels")
    @Operation(summary = "The labels that a model may learn from; never those of the frozen evaluation sample")
    public Page<LabelFeed.Label> labels(
            @PathParam("id") long workflowId,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        WorkflowView workflow = workflow(workflowId);
        int most = Page.limit(limit);
        return Page.of(
                labels.toLearn(workflow.id(), Cursor.read(cursor, 0), most + 1), most, LabelFeed.Label::candidateId);
    }

    @POST
    @Path("{name}/scores")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Takes 1 to 1,000 scores, all or none; sent again they change nothing")
    public Taken scores(
            @PathParam("id") long workflowId, @PathParam("name") String name, @Nullable ExternalScores sent) {
        WorkflowView workflow = workflow(workflowId);
        if (sent == null) {
            throw Problem.badRequest("got no body, need {\"version\": ..., \"scores\": [...]}");
        }
        return new Taken(sent.scores().size(), models.take(workflow, name, sent));
    }

    private static ExternalModels.Which which(String name) {
        return switch (name) {
            case "open" -> ExternalModels.Which.OPEN;
            case "unscored" -> ExternalModels.Which.UNSCORED;
            case "all" -> ExternalModels.Which.ALL;
            default -> throw Problem.badField("which", "got \"" + name + "\", need open, unscored or all");
        };
    }

    private WorkflowView workflow(long id) {
        volunteer.require(Role.SCIENTIST);
        return workflows.byId(id);
    }
}
