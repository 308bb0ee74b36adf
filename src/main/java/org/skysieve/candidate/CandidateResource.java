package org.skysieve.candidate;

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

import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutPng;
import org.skysieve.engine.image.Panel;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.platform.Problem;

/** Candidates for everybody to see: nothing here tells what others answered or what is known of a gold standard. */
@Path("/api/v1/candidates/{id}")
@Tag(name = "candidates")
@Produces(MediaType.APPLICATION_JSON)
public class CandidateResource {
    /** Cutouts never change; what the address names is in the ETag, with the version of how it is drawn. */
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    private static final int DRAWING_VERSION = 1;

    private final Candidates candidates;
    private final CurrentVolunteer volunteer;
    private final RoutingContext request;

    CandidateResource(Candidates candidates, CurrentVolunteer volunteer, RoutingContext request) {
        this.candidates = candidates;
        this.volunteer = volunteer;
        this.request = request;
    }

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
    public CandidateJson candidate(@PathParam("id") long id) {
        return CandidateJson.of(candidates.find(id), volunteer.has(Role.SCIENTIST));
    }

    @GET
    @Path("/cutouts")
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
        // Over HTTP/2 the server would compress once more what says that it is gzip; plain is some percent longer.
        boolean gzip = accepted.toLowerCase(Locale.ROOT).contains("gzip")
                && request.request().version() != HttpVersion.HTTP_2;
        Response.ResponseBuilder answer = Response.ok(gzip ? packed : Gzip.expand(packed))
                .header(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(HttpHeaders.ETAG, tag);
        if (gzip) {
            // The server has noted "identity", for it will not compress this type itself.
            request.response().headers().set(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        return answer.build();
    }

    @GET
    @Path("/cutouts/{panel}.png")
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
    @Path("/light-curve")
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

    private static PointJson json(LightCurvePoint point) {
        return new PointJson(
                point.timeMjd(),
                point.passband().label(),
                orNull(point.mag()),
                orNull(point.magError()),
                orNull(point.limitMag()),
                point.positive());
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
