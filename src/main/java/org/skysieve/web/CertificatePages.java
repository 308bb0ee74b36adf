package org.skysieve.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

import org.skysieve.effort.Certificate;
import org.skysieve.effort.Certificates;
import org.skysieve.platform.Problem;

/** A certificate of hours, for whoever has its code: to print, and to verify. */
@Path("/certificates/{code}")
@Blocking
@Produces(MediaType.TEXT_HTML)
class CertificatePages {
    private final Frames frames;
    private final Certificates certificates;

    CertificatePages(Frames frames, Certificates certificates) {
        this.frames = frames;
        this.certificates = certificates;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance certificate(@RestPath String code, @Context UriInfo uri) {
        Certificate found = certificates
                .find(code)
                .orElseThrow(() -> Problem.notFound("no certificate has this code; it may have been erased"));
        String root = uri.getBaseUri().toString().replaceAll("/+$", "");
        return Templates.certificate(
                frames.frame(frames.world().certificate(), "certificate"), MePages.paper(found, root, frames));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance certificate(Frame frame, MePages.Paper paper);

        private Templates() {}
    }
}
