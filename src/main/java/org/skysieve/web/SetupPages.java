package org.skysieve.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.annotation.security.RolesAllowed;
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
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.candidate.GoldByCandid;
import org.skysieve.ingest.Ingest;
import org.skysieve.ingest.IngestProgress;
import org.skysieve.ingest.IngestReport;
import org.skysieve.platform.Problem;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What a project still needs before people can begin, and its forms: texts, question, candidates, gold standards. */
@Path("/projects/{slug}/setup")
@Blocking
@Produces(MediaType.TEXT_HTML)
class SetupPages {
    private static final int LONGEST_NAME = 200;

    /** A question of the project. */
    public record Question(String slug, String title, String question, String votes, boolean active, String gold) {}

    /**
     * Everything on the page.
     *
     * @param root the address of this server, without a slash at its end
     * @param asks whether a question is open to volunteers
     * @param done what has just been done, in words; may be empty
     * @param wrong what could not be done; may be empty
     */
    public record Page(
            String root,
            List<Question> questions,
            boolean asks,
            String candidates,
            boolean hasCandidates,
            boolean moderates,
            String done,
            String wrong,
            GoldForm gold) {}

    /** Gold standards as they were typed. */
    public record GoldForm(FormField survey, FormField table) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ProjectFormPages texts;
    private final Candidates candidates;
    private final GoldStandards goldStandards;
    private final GoldByCandid gold;
    private final Ingest ingest;
    private final CurrentVolunteer volunteer;

    @SuppressWarnings("TooManyParameters")
    SetupPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            ProjectFormPages texts,
            Candidates candidates,
            GoldStandards goldStandards,
            GoldByCandid gold,
            Ingest ingest,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.texts = texts;
        this.candidates = candidates;
        this.goldStandards = goldStandards;
        this.gold = gold;
        this.ingest = ingest;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance setup(
            @RestPath String slug,
            @RestQuery @Nullable String done,
            @RestQuery @Nullable Long ingested,
            @RestQuery @Nullable String wrong,
            @Context UriInfo uri) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        String words = ingested == null ? done(done) : ingested(ingested);
        return page(project, uri, words, wrong == null ? "" : wrong, goldForm("ztf", "", ""));
    }

    @GET
    @Path("project")
    @Operation(hidden = true)
    public TemplateInstance editProject(@RestPath String slug) {
        volunteer.require(Role.SCIENTIST);
        return texts.edit(projects.bySlug(slug));
    }

    @POST
    @Path("project")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response saveProject(@RestPath String slug, MultivaluedMap<String, String> sent) {
        volunteer.require(Role.SCIENTIST);
        return texts.save(projects.bySlug(slug), sent);
    }

    /** Opens a workflow to volunteers, or closes it. */
    @POST
    @Path("open")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response open(@RestPath String slug, @RestForm String workflow, @RestForm boolean active) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        workflows.open(workflows.bySlug(project, workflow).id(), active);
        return to(slug, active ? "done=opened" : "done=closed");
    }

    /** Takes a small archive of alerts; larger ones go by the command or the API, which stream. */
    @POST
    @Path("alerts")
    // Checked before the body is read: nobody else may spool a file here.
    @RolesAllowed("scientist")
    @Operation(hidden = true)
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response alerts(@RestPath String slug, @RestForm("file") @Nullable FileUpload file) throws IOException {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        if (file == null || file.size() == 0) {
            return to(slug, "wrong=" + encoded("Choose a file first: an Avro container or an archive of them."));
        }
        String name = file.fileName() == null || file.fileName().isBlank() ? "upload" : file.fileName();
        try (InputStream in = Files.newInputStream(file.uploadedFile())) {
            IngestReport report = ingest.run(
                    project.id(),
                    name.substring(0, Math.min(name.length(), LONGEST_NAME)),
                    in,
                    volunteer.idIfKnown(),
                    IngestProgress.NONE);
            return to(slug, "ingested=" + report.id());
        }
    }

    /** Takes a table of gold standards: candid, answer and a note if there is one. */
    @POST
    @Path("gold")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response gold(
            @RestPath String slug,
            @RestForm @Nullable String workflow,
            @RestForm @Nullable String survey,
            @RestForm @Nullable String table,
            @Context UriInfo uri) {
        volunteer.require(Role.MODERATOR);
        ProjectView project = projects.bySlug(slug);
        WorkflowView asked = workflows.bySlug(project, workflow == null ? "" : workflow);
        String whose = survey == null || survey.isBlank() ? "ztf" : survey.strip();
        String typed = table == null ? "" : table;
        try {
            GoldByCandid.GoldStandardsAnswer answer =
                    gold.set(asked, whose, "moderator", items(typed), volunteer.idIfKnown());
            String unknown = answer.unknown().isEmpty()
                    ? ""
                    : " Not in this project: " + String.join(", ", first(answer.unknown())) + ".";
            return to(
                    slug,
                    "done="
                            + encoded("gold " + answer.set() + " " + answer.unchanged())
                            + (unknown.isEmpty() ? "" : "&wrong=" + encoded(unknown.strip())));
        } catch (Problem problem) {
            if (problem.status() != 400) {
                throw problem;
            }
            return Forms.refused(page(project, uri, "", "", goldForm(whose, typed, inLines(problem, typed))));
        }
    }

    private static List<String> first(List<String> candids) {
        int shown = 10;
        if (candids.size() <= shown) {
            return candids;
        }
        List<String> some = new ArrayList<>(candids.subList(0, shown));
        some.add("and " + (candids.size() - shown) + " more");
        return some;
    }

    /** One line an item; a line of headings is left out. */
    private static List<GoldByCandid.@Nullable Item> items(String table) {
        List<GoldByCandid.@Nullable Item> items = new ArrayList<>();
        for (String line : lines(table)) {
            String[] parts = line.split("\\s*[,;\\t]\\s*", 3);
            items.add(new GoldByCandid.Item(
                    parts[0],
                    parts.length > 1 ? parts[1] : "",
                    parts.length > 2 && !parts[2].isBlank() ? parts[2] : null));
        }
        return items;
    }

    private static List<String> lines(String table) {
        return table.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("candid"))
                .toList();
    }

    /** What is wrong, by the lines that were typed. */
    private static String inLines(Problem problem, String table) {
        List<String> lines = lines(table);
        return problem.errors().isEmpty()
                ? problem.detail()
                : String.join(
                        "; ",
                        problem.errors().stream()
                                .map(error -> {
                                    String at = error.field().replaceAll("^items\\[(\\d+)].*", "$1");
                                    return at.equals(error.field())
                                            ? error.message()
                                            : "\"" + lines.get(Integer.parseInt(at)) + "\": " + error.message();
                                })
                                .toList());
    }

    private static GoldForm goldForm(String survey, String table, String error) {
        FormField whose = FormField.text("survey", "Survey", survey, 20, "Whose numbers these are: ztf or lsst.");
        FormField typed = FormField.code(
                "table",
                "One a line: candid, answer, note",
                table,
                2_000_000,
                "The note is shown to newcomers after their answer.");
        return new GoldForm(whose, error.isEmpty() ? typed : typed.wrong(error));
    }

    private static String done(@Nullable String what) {
        if (what != null && what.matches("gold \\d+ \\d+")) {
            String[] counts = what.split(" ", -1);
            return counts[1] + " gold standards are new or changed, " + counts[2] + " were so already.";
        }
        return switch (what == null ? "" : what) {
            case "project" -> "The project is saved.";
            case "workflow" -> "The question is saved.";
            case "opened" -> "The question is open to volunteers.";
            case "closed" -> "The question is closed. What somebody holds already is still taken.";
            default -> "";
        };
    }

    private String ingested(long run) {
        Optional<IngestReport> report = ingest.find(run);
        return report.map(one -> Wording.count(one.accepted(), "candidate is", "candidates are") + " new, "
                        + Wording.count(one.duplicates()) + " were there already, " + Wording.count(one.rejected())
                        + " could not be read."
                        + (one.rejected() > 0 ? " The dashboard shows why." : ""))
                .orElse("");
    }

    private TemplateInstance page(ProjectView project, UriInfo uri, String done, String wrong, GoldForm form) {
        List<Question> questions = workflows.ofProject(project.id()).stream()
                .map(one -> new Question(
                        one.slug(),
                        one.title(),
                        one.question(),
                        one.rules().minVotes() + " to " + one.rules().maxVotes(),
                        one.active(),
                        Wording.count(goldStandards.count(one.id()))))
                .toList();
        long count = candidates.count(project.id());
        return Templates.setup(
                frames.frame("Set up " + project.title(), "setup", project.credit()),
                project,
                new Page(
                        uri.getBaseUri().toString().replaceFirst("/$", ""),
                        questions,
                        questions.stream().anyMatch(Question::active),
                        Wording.count(count, "candidate is", "candidates are"),
                        count > 0,
                        volunteer.has(Role.MODERATOR),
                        done,
                        wrong,
                        form));
    }

    private static Response to(String slug, String what) {
        return Response.seeOther(URI.create("/projects/" + slug + "/setup?" + what))
                .build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance setup(Frame frame, ProjectView project, Page page);

        private Templates() {}
    }
}
