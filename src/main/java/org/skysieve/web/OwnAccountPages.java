package org.skysieve.web;

import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.AccountView;
import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationView;
import org.skysieve.classification.Details;
import org.skysieve.classification.Intake;
import org.skysieve.classification.Reveals;
import org.skysieve.collection.Collections;
import org.skysieve.collection.Favourites;
import org.skysieve.effort.Certificates;
import org.skysieve.effort.Efforts;
import org.skysieve.effort.Presence;
import org.skysieve.learning.TutorialsSeen;
import org.skysieve.notification.MailMessages;
import org.skysieve.notification.MailSubscriptions;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.talk.CommentView;
import org.skysieve.talk.Comments;

/** The settings of an account, and one's own data as a file; the forms are of the room account. */
@Path("/account/settings")
@Blocking
class OwnAccountPages {
    private static final int ROWS = 500;

    /**
     * News by mail.
     *
     * @param offered whether this installation sends any
     * @param address where to; empty until one is confirmed
     * @param waiting an address that waits for its confirmation, or empty
     * @param prefilled what the field for an address begins with
     */
    public record MailSection(
            boolean offered, String address, String waiting, String prefilled, boolean talk, boolean outcomes) {}

    /**
     * What was wrong.
     *
     * @param text empty for nothing
     * @param english whether it is in English whatever the reader speaks
     */
    public record Told(String text, boolean english) {}

    private final Frames frames;
    private final OwnAccount own;
    private final Intake intake;
    private final Details details;
    private final Comments comments;
    private final Efforts efforts;
    private final Certificates certificates;
    private final Presence presence;
    private final TutorialsSeen tutorials;
    private final Favourites favourites;
    private final Collections collections;
    private final Reveals reveals;
    private final MailSubscriptions mails;
    private final CurrentVolunteer volunteer;
    private final ObjectMapper json;

    @SuppressWarnings("TooManyParameters")
    OwnAccountPages(
            Frames frames,
            OwnAccount own,
            Intake intake,
            Details details,
            Comments comments,
            Efforts efforts,
            Certificates certificates,
            Presence presence,
            TutorialsSeen tutorials,
            Favourites favourites,
            Collections collections,
            Reveals reveals,
            MailSubscriptions mails,
            CurrentVolunteer volunteer,
            ObjectMapper json) {
        this.frames = frames;
        this.own = own;
        this.intake = intake;
        this.details = details;
        this.comments = comments;
        this.efforts = efforts;
        this.certificates = certificates;
        this.presence = presence;
        this.tutorials = tutorials;
        this.favourites = favourites;
        this.collections = collections;
        this.reveals = reveals;
        this.mails = mails;
        this.volunteer = volunteer;
        this.json = json;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance settings(@RestQuery @Nullable String done, @RestQuery @Nullable String wrong) {
        volunteer.require(Role.VOLUNTEER);
        String username = volunteer.account().map(AccountView::username).orElse("");
        return Templates.accountSettings(
                frames.frame(frames.messages().settingsTitle(), "account"),
                username,
                done(done),
                wrong(wrong),
                own.credited(volunteer.id()),
                presence.shown(volunteer.id()),
                mailSection());
    }

    /** Shows the days of being here, or hides them everywhere. */
    @POST
    @Path("days")
    @Operation(hidden = true)
    public Response showDays(@RestForm boolean shown) {
        volunteer.require(Role.VOLUNTEER);
        presence.show(volunteer.id(), shown);
        return Response.seeOther(URI.create("/account/settings?done=days")).build();
    }

    private String done(@Nullable String done) {
        MailMessages words = Words.bundle(MailMessages.class, frames.words().language());
        return switch (text(done)) {
            case "password" -> frames.messages().settingsDone();
            case "credit", "days", "mail" -> frames.messages().saved();
            case "mail-asked" -> words.asked();
            case "mail-ended" -> words.ended();
            default -> "";
        };
    }

    /** In the reader's language where the page knows the case; else what the room said. */
    private Told wrong(@Nullable String wrong) {
        MailMessages words = Words.bundle(MailMessages.class, frames.words().language());
        String known = switch (text(wrong)) {
            case "mail-address" -> words.wrongAddress();
            case "mail-choice" -> words.wrongChoice();
            case "mail-often" -> words.wrongOften();
            case "mail-server" -> words.wrongServer();
            case "mail-none" -> words.wrongNone();
            case "mail-off" -> words.wrongOff();
            default -> "";
        };
        return known.isEmpty() ? new Told(text(wrong), true) : new Told(known, false);
    }

    private MailSection mailSection() {
        return mails.of(volunteer.id())
                .map(kept -> new MailSection(
                        mails.offered(), text(kept.address()), text(kept.waiting()), "", kept.talk(), kept.outcomes()))
                .orElseGet(() -> new MailSection(
                        mails.offered(), "", "", volunteer.vouchedAddress().orElse(""), true, true));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** The reader's own data as one JSON file: account, tokens, every entry of the log and what was added to it, every comment, all that they keep. */
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
                file.writeArrayFieldStart("details");
                List<Details.Added> added;
                before = Long.MAX_VALUE;
                do {
                    added = details.ofVolunteer(account.id(), before, ROWS);
                    for (Details.Added one : added) {
                        file.writePOJO(one);
                        before = one.classificationId();
                    }
                } while (added.size() == ROWS);
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
                file.writePOJOField("creditedByName", own.credited(account.id()));
                file.writePOJOField("effort", efforts.of(account.id()));
                file.writePOJOField("days", presence.all(account.id()));
                file.writePOJOField("daysShown", presence.shown(account.id()));
                file.writePOJOField("tutorialsSeen", tutorials.of(account.id()));
                file.writePOJOField("certificates", certificates.of(account.id()));
                file.writePOJOField("favourites", favourites.of(account.id()));
                file.writeArrayFieldStart("collections");
                for (Collections.Title one : collections.of(account.id(), OptionalLong.empty())) {
                    file.writePOJO(collections.find(one.id(), OptionalLong.of(account.id())));
                }
                file.writeEndArray();
                file.writePOJOField("mail", mails.of(account.id()).orElse(null));
                file.writePOJOField("goldStandardsShown", reveals.of(account.id()));
                file.writeEndObject();
            }
        };
        return Response.ok(body)
                .header("Content-Disposition", "attachment; filename=\"skysieve-my-data.json\"")
                .build();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance accountSettings(
                Frame frame,
                String username,
                String done,
                Told wrong,
                boolean credited,
                boolean daysShown,
                MailSection mail);

        private Templates() {}
    }
}
