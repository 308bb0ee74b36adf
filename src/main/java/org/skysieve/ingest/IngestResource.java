package org.skysieve.ingest;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.project.Projects;

/** Upload of alerts, and what became of them; for scientists. */
@Path("/api/v1/projects/{slug}/ingests")
@Tag(name = "ingest")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class IngestResource {
    private final Ingest ingest;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    IngestResource(Ingest ingest, Projects projects, CurrentVolunteer volunteer) {
        this.ingest = ingest;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    /**
     * Reads the body while it arrives: an Avro container or an archive of them, gzipped or not. If the connection
     * breaks, what was committed stays, and sending the same again adds only the rest.
     *
     * @param name what to call it in the list of ingests, such as night.tar.gz
     */
    @POST
    @Consumes({MediaType.APPLICATION_OCTET_STREAM, "application/gzip", "application/x-tar", "avro/binary", "*/*"})
    public Response upload(
            @PathParam("slug") String slug, @QueryParam("name") @DefaultValue("upload") String name, InputStream body) {
        volunteer.require(Role.SCIENTIST);
        long projectId = projects.bySlug(slug).id();
        if (name.isBlank() || name.length() > 200) {
            throw Problem.badField("name", "got " + name.length() + " characters, need 1..200");
        }
        OptionalLong startedBy = volunteer.idIfKnown();
        IngestReport report = ingest.run(projectId, name, body, startedBy, IngestProgress.NONE);
        return Response.created(URI.create("/api/v1/projects/" + slug + "/ingests/" + report.id()))
                .entity(report)
                .build();
    }

    @GET
    public Page<IngestReport> ingests(
            @PathParam("slug") String slug,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        volunteer.require(Role.SCIENTIST);
        long projectId = projects.bySlug(slug).id();
        int size = Page.limit(limit);
        List<IngestReport> rows = ingest.before(projectId, Cursor.read(cursor, Long.MAX_VALUE), size + 1);
        return Page.of(rows, size, IngestReport::id);
    }

    @GET
    @Path("/{id}")
    public IngestReport ingest(@PathParam("slug") String slug, @PathParam("id") long id) {
        volunteer.require(Role.SCIENTIST);
        long projectId = projects.bySlug(slug).id();
        return ingest.before(projectId, id == Long.MAX_VALUE ? id : id + 1, 1).stream()
                .filter(report -> report.id() == id)
                .findFirst()
                .orElseThrow(() -> Problem.notFound("no ingest " + id + " in project \"" + slug + "\""));
    }
}
