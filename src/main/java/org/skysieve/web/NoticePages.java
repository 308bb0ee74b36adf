package org.skysieve.web;

import java.net.URI;
import java.time.Clock;
import java.util.List;

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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.outcome.VoteNews;
import org.skysieve.platform.Cursor;
import org.skysieve.talk.Notice;
import org.skysieve.talk.Notices;

/** What waits for its reader: mentions and answers in talk, and what candidates turned out to be. */
@Path("/notices")
@Blocking
@Produces(MediaType.TEXT_HTML)
class NoticePages {
    private static final int SHOWN = 50;

    private final Frames frames;
    private final Notices notices;
    private final VoteNews news;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    NoticePages(Frames frames, Notices notices, VoteNews news, CurrentVolunteer volunteer, Clock clock) {
        this.frames = frames;
        this.notices = notices;
        this.news = news;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance notices(@RestQuery @Nullable String cursor) {
        volunteer.require(Role.VOLUNTEER);
        var page = notices.of(volunteer.id(), Cursor.read(cursor, Long.MAX_VALUE), SHOWN);
        return Templates.notices(
                frames.frame(frames.messages().notices(), "notices"),
                page.items().stream().map(this::excerpt).toList(),
                page.next() == null ? "" : "/notices?cursor=" + page.next(),
                news.waiting(volunteer.id()));
    }

    @POST
    @Operation(hidden = true)
    public Response readAll() {
        volunteer.require(Role.VOLUNTEER);
        notices.readAll(volunteer.id());
        news.readAll(volunteer.id());
        return Response.seeOther(URI.create("/notices")).build();
    }

    private TalkPages.Excerpt excerpt(Notice notice) {
        TalkMessages messages = frames.words().talk();
        String cause = notice.cause().equals("mention")
                ? notice.read() ? messages.noticesMentions() : messages.noticesMentionsNew()
                : notice.read() ? messages.noticesAfter() : messages.noticesAfterNew();
        return TalkPages.excerpt(notice.project(), notice.comment(), cause, "", clock.instant(), frames.words());
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance notices(
                Frame frame, List<TalkPages.Excerpt> excerpts, String next, List<VoteNews.Waiting> waiting);

        private Templates() {}
    }
}
