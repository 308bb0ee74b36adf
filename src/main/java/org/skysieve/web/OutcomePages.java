package org.skysieve.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.outcome.OutcomeTable;
import org.skysieve.outcome.Outcomes;
import org.skysieve.outcome.TnsFile;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;

/** What candidates turned out to be, for scientists: the last reports, and a table to paste. */
@Path("/projects/{slug}/outcomes")
@Blocking
@Produces(MediaType.TEXT_HTML)
class OutcomePages {
    private static final int SHOWN = 50;

    /** A report. */
    public record Item(String candidateId, String words, String url, String when) {}

    /** The page; {@code done} and {@code wrong} are empty where there is nothing to say. */
    public record Reports(List<Item> items, String done, String wrong) {}

    private final Frames frames;
    private final Projects projects;
    private final Outcomes outcomes;
    private final OutcomeTable table;
    private final TnsFile tns;
    private final CurrentVolunteer volunteer;

    OutcomePages(
            Frames frames,
            Projects projects,
            Outcomes outcomes,
            OutcomeTable table,
            TnsFile tns,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.outcomes = outcomes;
        this.table = table;
        this.tns = tns;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance outcomes(
            @RestPath String slug,
            @RestQuery @Nullable Integer done,
            @RestQuery @Nullable Integer objects,
            @RestQuery @Nullable Integer rows,
            @RestQuery @Nullable String wrong) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        List<Item> items = outcomes.latest(project.id(), SHOWN).stream()
                .map(one -> new Item(
                        Long.toString(one.candidateId()),
                        BecamePages.outcomeInWords(Words.bundle(WorldMessages.class, Language.ENGLISH), one.outcome()),
                        one.outcome().url(),
                        Wording.time(one.outcome().at())))
                .toList();
        return Templates.outcomes(
                frames.frame("Outcomes: " + project.title(), "outcomes", project.credit()),
                project,
                new Reports(
                        items,
                        done == null
                                ? ""
                                : (rows == null || objects == null
                                                ? ""
                                                : Wording.count(objects, "object", "objects")
                                                        + " of this project among " + Wording.count(rows)
                                                        + " entries. ")
                                        + Wording.count(done, "outcome is", "outcomes are") + " new or changed.",
                        wrong == null ? "" : wrong));
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response report(@RestPath String slug, @RestForm @Nullable String csv) {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        String answer;
        try {
            answer = "done=" + table.report(project, csv == null ? "" : csv, volunteer.id());
        } catch (Problem problem) {
            answer = "wrong=" + URLEncoder.encode(problem.detail(), StandardCharsets.UTF_8);
        }
        return Response.seeOther(URI.create("/projects/" + slug + "/outcomes?" + answer))
                .build();
    }

    /** Takes a file of the name server's public objects. */
    @POST
    @Path("tns")
    // Checked before the body is read: nobody else may spool a file here.
    @RolesAllowed("scientist")
    @Operation(hidden = true)
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response tns(@RestPath String slug, @RestForm("file") @Nullable FileUpload file) throws IOException {
        volunteer.require(Role.SCIENTIST);
        ProjectView project = projects.bySlug(slug);
        String answer;
        try {
            if (file == null || file.size() == 0) {
                throw Problem.badRequest("Choose a file first.");
            }
            try (InputStream in = Files.newInputStream(file.uploadedFile())) {
                TnsFile.Matched matched = tns.report(project, in, volunteer.id());
                answer = "done=" + matched.changed() + "&objects=" + matched.objects() + "&rows=" + matched.rows();
            }
        } catch (Problem problem) {
            answer = "wrong=" + URLEncoder.encode(problem.detail(), StandardCharsets.UTF_8);
        }
        return Response.seeOther(URI.create("/projects/" + slug + "/outcomes?" + answer))
                .build();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance outcomes(Frame frame, ProjectView project, Reports reports);

        private Templates() {}
    }
}
