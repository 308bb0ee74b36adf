package org.skysieve.web;

import java.net.URI;
import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.Preview;
import org.skysieve.selection.Previews;

/** What a project would serve under other rules, and saving those. Plain forms without JavaScript. */
@Path("/projects/{slug}/selection")
@Blocking
@Produces(MediaType.TEXT_HTML)
class SelectionPages {
    /** A place of the preview. */
    public record Place(String candidateId, String arm, String key, String probability, String why) {}

    /** The next places of one kind of volunteer. */
    public record Served(String key, String title, List<Place> places) {}

    /**
     * Everything on the page.
     *
     * @param version of the workflow that holds today
     * @param today the rules of today
     * @param form the rules previewed
     * @param same whether those are the rules of today
     * @param basis what was looked at
     * @param trouble why there is no preview, or null
     * @param mistake where the expression cannot be read, or null
     */
    public record Page(
            int version,
            SelectionForm today,
            SelectionForm form,
            boolean same,
            List<Served> served,
            String basis,
            @Nullable String trouble,
            SelectionForm.@Nullable Mistake mistake) {
        public int nextVersion() {
            return version + 1;
        }
    }

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Previews previews;
    private final CurrentVolunteer volunteer;

    SelectionPages(
            Frames frames, Projects projects, Workflows workflows, Previews previews, CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.previews = previews;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance preview(@RestPath String slug, @Context UriInfo uri) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        SelectionForm today = SelectionForm.of(workflow);
        SelectionForm form = today.with(uri.getQueryParameters());
        boolean same = false;
        List<Served> served = List.of();
        String basis = "";
        String trouble = null;
        try {
            Rules rules = workflows.rulesWith(workflow, form.change());
            same = rules.equals(workflow.rules());
            Preview preview = previews.of(workflow, rules);
            served = List.of(
                    new Served("newcomer", "Somebody new", places(preview.newcomer())),
                    new Served("experienced", "Somebody experienced", places(preview.experienced())));
            basis = "From " + Wording.count(preview.candidates(), "open candidate", "open candidates")
                    + (preview.complete()
                            ? "."
                            : ": the best by today’s ranking, and a random sample of the rest. A strategy that is new"
                                    + " shows the best of these.");
        } catch (Problem problem) {
            trouble = problem.getMessage();
        }
        return Templates.selection(
                frames.frame("Selection: " + project.title(), "dashboard", project.credit()),
                project,
                new Page(workflow.version(), today, form, same, served, basis, trouble, form.mistake()));
    }

    /** Saves what was previewed, unless the rules have changed since. */
    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response save(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.asked(projects.bySlug(slug));
        if (!String.valueOf(workflow.version()).equals(sent.getFirst("version"))) {
            throw Problem.conflict("version " + workflow.version() + " of the rules holds by now, and not version "
                    + sent.getFirst("version") + " that you compared with: please preview again");
        }
        workflows.select(workflow.id(), SelectionForm.of(workflow).with(sent).change());
        return Response.seeOther(URI.create("/projects/" + slug + "/selection")).build();
    }

    private static List<Place> places(List<Preview.Place> places) {
        return places.stream()
                .map(place -> new Place(
                        Long.toString(place.candidateId()),
                        SelectionForm.label(place.strategy()),
                        Wording.decimals(place.priority(), 2),
                        probability(place.probability()),
                        place.why()))
                .toList();
    }

    /** Two digits that count: one of a million is not 0. */
    private static String probability(double p) {
        return p >= 0.001 ? Wording.decimals(p, 3) : "1 in " + Wording.count(Math.round(1 / p));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance selection(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
