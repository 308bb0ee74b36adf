package org.skysieve.ingest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.project.Projects;

/** What could not be read, and why; for scientists. */
@Path("/api/v1/projects/{slug}/dead-letters")
@Tag(name = "ingest")
@Produces(MediaType.APPLICATION_JSON)
public class DeadLetterResource {
    private final DeadLetters deadLetters;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    DeadLetterResource(DeadLetters deadLetters, Projects projects, CurrentVolunteer volunteer) {
        this.deadLetters = deadLetters;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    @GET
    public Page<DeadLetters.DeadLetterView> list(
            @PathParam("slug") String slug,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        volunteer.require(Role.SCIENTIST);
        long projectId = projects.bySlug(slug).id();
        int size = Page.limit(limit);
        return Page.of(
                deadLetters.before(projectId, Cursor.read(cursor, Long.MAX_VALUE), size + 1),
                size,
                DeadLetters.DeadLetterView::id);
    }

    @GET
    @Path("/{id}/raw")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response raw(@PathParam("slug") String slug, @PathParam("id") long id) {
        volunteer.require(Role.SCIENTIST);
        byte[] raw = deadLetters
                .raw(projects.bySlug(slug).id(), id)
                .orElseThrow(() -> Problem.notFound("no dead letter " + id + " in project \"" + slug + "\""));
        return Response.ok(raw)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"dead-letter-" + id + ".bin\"")
                .build();
    }
}
