package org.skysieve.candidate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutPng;
import org.skysieve.engine.image.Panel;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.project.Projects;

/** Candidates for everybody to see: nothing here tells what others answered or what is known of a gold standard. */
@Path("/api/v1")
@Tag(name = "candidates")
@Produces(MediaType.APPLICATION_JSON)
public class CandidateResource {
    /** Cutouts never change; what the address names is in the ETag, with the version of how it is drawn. */
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    private static final int DRAWING_VERSION = 1;

    private final Candidates candidates;
    private final Projects projects;
    private final CurrentVolunteer volunteer;

    CandidateResource(Candidates candidates, Projects projects, CurrentVolunteer volunteer) {
        this.candidates = candidates;
        this.projects = projects;
        this.volunteer = volunteer;
    }

    /**
     * A candidate in JSON.
     *
     * @param surveyScore for scientists only: it would tell a volunteer what to answer
     */
    public record CandidateJson(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
            @JsonFormat(shape = JsonFormat.Shape.STRING) long projectId,
            String survey,
            @JsonFormat(shape = JsonFormat.Shape.STRING) long candid,
            String objectId,
            double timeMjd,
            double ra,
            double dec,
            String passband,
            @Nullable Float mag,
            @Nullable Float magError,
            @Nullable Float snr,
            boolean positive,
            @Nullable Float fwhmPixels,
            @Nullable Float pixelScaleArcsec,
            @Nullable Float surveyScore,
            List<String> remarks,
            Instant ingestedAt) {}

    /** One point of a light curve; null where not measured, {@code mag} null for an upper limit. */
    public record PointJson(
            double timeMjd,
            String passband,
            @Nullable Double mag,
            @Nullable Double magError,
            @Nullable Double limitMag,
            boolean positive) {}

    public record LightCurveAnswer(List<PointJson> points) {}

    @GET
    @Path("/candidates/{id}")
    public CandidateJson candidate(@PathParam("id") long id) {
        return json(candidates.find(id), volunteer.has(Role.SCIENTIST));
    }

    @GET
    @Path("/projects/{slug}/candidates")
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
                page.items().stream().map(view -> json(view, scientist)).toList(), page.next());
    }

    @GET
    @Path("/candidates/{id}/cutouts")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response cutouts(
            @PathParam("id") long id,
            @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @DefaultValue("") String accepted,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @DefaultValue("") String known) {
        String tag = "\"skc1-" + id + "\"";
        if (known.contains(tag)) {
            return notModified(tag);
        }
        byte[] packed = candidates.packedCutouts(id);
        boolean gzip = accepted.toLowerCase(Locale.ROOT).contains("gzip");
        Response.ResponseBuilder answer = Response.ok(gzip ? packed : Gzip.expand(packed))
                .header(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(HttpHeaders.ETAG, tag);
        return gzip ? answer.header(HttpHeaders.CONTENT_ENCODING, "gzip").build() : answer.build();
    }

    @GET
    @Path("/candidates/{id}/cutouts/{panel}.png")
    @Produces("image/png")
    public Response png(
            @PathParam("id") long id,
            @PathParam("panel") String name,
            @QueryParam("zoom") @DefaultValue("4") int zoom,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @DefaultValue("") String known) {
        Panel panel = Panel.labelled(name)
                .orElseThrow(() -> Problem.notFound("got \"" + name + "\", need science, template or difference"));
        if (zoom < 1 || zoom > CutoutPng.MAX_ZOOM) {
            throw Problem.badField("zoom", "got " + zoom + ", need 1.." + CutoutPng.MAX_ZOOM);
        }
        String tag = "\"png" + DRAWING_VERSION + "-" + id + "-" + name + "-" + zoom + "\"";
        if (known.contains(tag)) {
            return notModified(tag);
        }
        Cutout cutout = panel.of(candidates.cutouts(id));
        if (cutout == null) {
            throw Problem.notFound("the survey sent no " + name + " cutout of candidate " + id);
        }
        return Response.ok(CutoutPng.render(cutout, panel, zoom))
                .header(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .header(HttpHeaders.ETAG, tag)
                .build();
    }

    @GET
    @Path("/candidates/{id}/light-curve")
    public LightCurveAnswer lightCurve(@PathParam("id") long id) {
        return new LightCurveAnswer(candidates.lightCurve(id).points().stream()
                .map(CandidateResource::json)
                .toList());
    }

    private static Response notModified(String tag) {
        return Response.notModified()
                .header(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .header(HttpHeaders.ETAG, tag)
                .build();
    }

    private static CandidateJson json(CandidateView view, boolean scientist) {
        return new CandidateJson(
                view.id(),
                view.projectId(),
                view.survey(),
                view.candid(),
                view.objectId(),
                view.timeMjd(),
                view.ra(),
                view.dec(),
                view.passband().label(),
                orNull(view.mag()),
                orNull(view.magError()),
                orNull(view.snr()),
                view.positive(),
                orNull(view.fwhmPixels()),
                orNull(view.pixelScaleArcsec()),
                scientist ? orNull(view.surveyScore()) : null,
                view.remarks(),
                view.ingestedAt());
    }

    private static PointJson json(LightCurvePoint point) {
        return new PointJson(
                point.timeMjd(),
                point.passband().label(),
                orNull(point.mag()),
                orNull(point.magError()),
                orNull(point.limitMag()),
                point.positive());
    }

    private static @Nullable Float orNull(float value) {
        return Float.isNaN(value) ? null : value;
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
