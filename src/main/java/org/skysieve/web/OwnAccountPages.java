package org.skysieve.web;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.AccountView;
import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationView;
import org.skysieve.classification.Intake;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.talk.CommentView;
import org.skysieve.talk.Comments;

/** Password, one's own data as a file, and the end of an account. */
@Path("/account/settings")
@Blocking
class OwnAccountPages {
    private static final int ROWS = 500;

    private final Frames frames;
    private final OwnAccount own;
    private final Intake intake;
    private final Comments comments;
    private final CurrentVolunteer volunteer;
    private final RoutingContext request;
    private final ObjectMapper json;
    private final String sessionCookie;

    @SuppressWarnings("TooManyParameters")
    OwnAccountPages(
            Frames frames,
            OwnAccount own,
            Intake intake,
            Comments comments,
            CurrentVolunteer volunteer,
            RoutingContext request,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String sessionCookie) {
        this.frames = frames;
        this.own = own;
        this.intake = intake;
        this.comments = comments;
        this.volunteer = volunteer;
        this.request = request;
        this.json = json;
        this.sessionCookie = sessionCookie;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance settings(@RestQuery @Nullable String done, @RestQuery @Nullable String wrong) {
        volunteer.require(Role.VOLUNTEER);
        String username = volunteer.account().map(AccountView::username).orElse("");
        return Templates.accountSettings(
                frames.frame("Your account", "account"),
                username,
                "password".equals(done) ? "Your password is changed." : "",
                wrong == null ? "" : wrong);
    }

    @POST
    @Path("password")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response changePassword(@RestForm @Nullable String present, @RestForm @Nullable String wanted) {
        volunteer.require(Role.VOLUNTEER);
        try {
            own.changePassword(volunteer.id(), text(present), text(wanted), address());
        } catch (Problem problem) {
            return back(problem);
        }
        return Response.seeOther(URI.create("/account/settings?done=password")).build();
    }

    @POST
    @Path("erase")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response erase(@RestForm @Nullable String username) {
        volunteer.require(Role.VOLUNTEER);
        try {
            own.erase(volunteer.id(), text(username));
        } catch (Problem problem) {
            return back(problem);
        }
        request.response()
                .addCookie(Cookie.cookie(sessionCookie, "")
                        .setPath("/")
                        .setHttpOnly(true)
                        .setMaxAge(0));
        return Response.seeOther(URI.create("/")).build();
    }

    /** All that is known of the reader as one JSON file: account, tokens, every entry of the log, every comment. */
    @GET
    @Path("data")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Response data() {
        volunteer.require(Role.VOLUNTEER);
        AccountView account = volunteer.account().orElseThrow();
        StreamingOutput body = out -> {
            try (JsonGenerator file = json.createGenerator(out)) {
                file.useDefaultPrettyPrinter();
                file.writeStartObject();
                file.writePOJOField("account", account);
                file.writePOJOField("since", own.since(account.id()));
                file.writePOJOField("tokens", own.tokens(account.id()));
                file.writeArrayFieldStart("classifications");
                long before = Long.MAX_VALUE;
                List<ClassificationView> rows;
                do {
                    rows = intake.ofVolunteer(account.id(), null, before, ROWS, false);
                    for (ClassificationView row : rows) {
                        file.writePOJO(row);
                        before = row.id();
                    }
                } while (rows.size() == ROWS);
                file.writeEndArray();
                file.writeArrayFieldStart("comments");
                String cursor = "";
                while (cursor != null) {
                    Page<CommentView> page = comments.by(account.id(), Cursor.read(cursor, Long.MAX_VALUE), ROWS);
                    for (CommentView comment : page.items()) {
                        file.writePOJO(comment);
                    }
                    cursor = page.next();
                }
                file.writeEndArray();
                file.writeEndObject();
            }
        };
        return Response.ok(body)
                .header("Content-Disposition", "attachment; filename=\"skysieve-my-data.json\"")
                .build();
    }

    private String address() {
        return String.valueOf(request.request().remoteAddress().hostAddress());
    }

    private static Response back(Problem problem) {
        return Response.seeOther(URI.create(
                        "/account/settings?wrong=" + URLEncoder.encode(problem.detail(), StandardCharsets.UTF_8)))
                .build();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance accountSettings(Frame frame, String username, String done, String wrong);

        private Templates() {}
    }
}
