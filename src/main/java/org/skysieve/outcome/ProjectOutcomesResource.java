package org.skysieve.outcome;

import java.io.InputStream;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.project.Projects;

/** Outcomes of a project's candidates, many at once; for scientists. */
@Path("/api/v1/projects/{slug}/outcomes")
@Tag(name = "outcomes")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ProjectOutcomesResource {
    private final TnsFile tns;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    ProjectOutcomesResource(TnsFile tns, Projects projects, CurrentVolunteer volunteer) {
        this.tns = tns;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    @POST
    @Path("tns")
    @Consumes({"text/csv", "application/zip", MediaType.APPLICATION_OCTET_STREAM, MediaType.TEXT_PLAIN})
    @Operation(
            summary =
                    "Takes a file of the Transient Name Server's public objects, CSV or its zip: by internal name, else within 2 arcsec")
    public TnsFile.Matched report(@PathParam("slug") String slug, InputStream body) {
        volunteer.require(Role.SCIENTIST);
        return tns.report(projects.bySlug(slug), body, volunteer.id());
    }
}
