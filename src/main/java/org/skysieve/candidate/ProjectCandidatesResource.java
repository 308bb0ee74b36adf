package org.skysieve.candidate;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.project.Projects;

/** A project's candidates, the newest first. */
@Path("/api/v1/projects/{slug}/candidates")
@Tag(name = "candidates")
@Produces(MediaType.APPLICATION_JSON)
public class ProjectCandidatesResource {
    private final Candidates candidates;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    ProjectCandidatesResource(Candidates candidates, Projects projects, CurrentVolunteer volunteer) {
        this.candidates = candidates;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    @GET
    public Page<CandidateJson> list(
            @PathParam("slug") String slug,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        long projectId = projects.bySlug(slug).id();
        int size = Page.limit(limit);
        boolean scientist = volunteer.has(Role.SCIENTIST);
        List<CandidateView> rows = candidates.before(projectId, Cursor.read(cursor, Long.MAX_VALUE), size + 1);
        Page<CandidateView> page = Page.of(rows, size, CandidateView::id);
        return new Page<>(
                page.items().stream()
                        .map(view -> CandidateJson.of(view, scientist))
                        .toList(),
                page.next());
    }
}
