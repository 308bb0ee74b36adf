package org.skysieve.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.engine.select.Route;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.Uncertainties;
import org.skysieve.selection.UncertaintiesView;

/**
 * What volunteers cannot settle, for those who can: people disagree, whatever the model says. An answer here is a vote like any
 * other, by somebody reliable; what others answered is not shown, so that it is one more pair of eyes.
 */
@Path("/projects/{slug}/experts")
@Blocking
@Produces(MediaType.TEXT_HTML)
class ExpertPages {
    private static final int SHOWN = 20;

    /** @param doubts the three uncertainties in words */
    public record Item(String id, String why, String doubts) {}

    /** Everything on the page. */
    public record Page(List<Item> items, String waiting, List<Item> training, String valuable) {
        /** The images of an item, as the API calls them. */
        public List<String> panels() {
            return List.of("science", "template", "difference");
        }
    }

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Uncertainties uncertainties;
    private final Intake intake;
    private final CurrentVolunteer volunteer;

    ExpertPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Uncertainties uncertainties,
            Intake intake,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.uncertainties = uncertainties;
        this.intake = intake;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance experts(@RestPath String slug) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        long me = volunteer.id();
        List<UncertaintiesView> wanted = new ArrayList<>(uncertainties.onRoute(workflow.id(), Route.EXPERT, me, SHOWN));
        wanted.addAll(uncertainties.onRoute(workflow.id(), Route.BOTH, me, SHOWN));
        int waiting = uncertainties.count(workflow.id(), Route.EXPERT) + uncertainties.count(workflow.id(), Route.BOTH);
        int valuable = uncertainties.count(workflow.id(), Route.TRAINING);
        return Templates.experts(
                frames.frame("Needs an expert: " + project.title(), "dashboard", project.credit()),
                project,
                workflow,
                new Page(
                        wanted.stream().limit(SHOWN).map(ExpertPages::item).toList(),
                        Wording.count(waiting, "candidate", "candidates"),
                        uncertainties.onRoute(workflow.id(), Route.TRAINING, null, SHOWN).stream()
                                .map(ExpertPages::item)
                                .toList(),
                        Wording.count(valuable, "candidate", "candidates")));
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response answer(
            @RestPath String slug, @RestForm @Nullable Long candidate, @RestForm @Nullable String answer) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        if (candidate == null) {
            throw Problem.badField("candidate", "got nothing, need the id of a candidate");
        }
        int given = workflow.answerOf("" + answer)
                .orElseThrow(() ->
                        Problem.badField("answer", "got \"" + answer + "\", need one of the answers of the workflow"));
        intake.record(
                new NewClassification(UUID.randomUUID(), workflow.id(), candidate, null, given, null, null),
                volunteer.id(),
                Intake.Reach.ANY);
        return Response.seeOther(URI.create("/projects/" + slug + "/experts#waiting"))
                .build();
    }

    private static Item item(UncertaintiesView view) {
        Words english = Words.in(Language.ENGLISH);
        String route = view.route() == null ? "" : view.route();
        return new Item(
                Long.toString(view.candidateId()),
                CandidatePages.routeInWords(route, english.candidate()),
                CandidatePages.doubtsInWords(view, english).toLowerCase(Locale.ENGLISH));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance experts(Frame frame, ProjectView project, WorkflowView workflow, Page page);

        private Templates() {}
    }
}
