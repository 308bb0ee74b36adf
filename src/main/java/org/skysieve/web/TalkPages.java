package org.skysieve.web;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.Consumes;
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
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.project.Phrases;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.talk.Board;
import org.skysieve.talk.CommentView;
import org.skysieve.talk.Comments;
import org.skysieve.talk.DiscussionView;
import org.skysieve.talk.Discussions;
import org.skysieve.talk.Notices;
import org.skysieve.talk.Reports;

/** Talk of a project, without a line of JavaScript: boards, discussions, search, and what moderators do there. */
@Path("/projects/{slug}/talk")
@Blocking
@Produces(MediaType.TEXT_HTML)
class TalkPages {
    private static final int SHOWN = 50;
    private static final int LATEST = 10;
    private static final int TAGS = 12;

    /** A discussion in a list. */
    public record Row(String link, String title, String where, String comments, String when, boolean locked) {}

    /**
     * A comment in its discussion.
     *
     * @param role of the author, empty for volunteers
     * @param hidden why it is hidden, or empty
     */
    public record Line(
            String id,
            String author,
            String role,
            String link,
            String at,
            String when,
            boolean edited,
            String hidden,
            String body,
            String html,
            boolean mine) {}

    /**
     * The comments of a discussion and the form below.
     *
     * @param project its slug
     * @param action where a new comment is sent
     * @param next the address of the later comments, or empty
     */
    public record Thread(
            String project,
            List<Line> comments,
            String next,
            boolean locked,
            boolean writes,
            boolean moderates,
            String action) {}

    /**
     * A comment out of its discussion.
     *
     * @param moderate where a moderator's word about it is sent, or empty
     */
    public record Excerpt(
            String id,
            String author,
            String link,
            String title,
            String at,
            String when,
            String note,
            String hidden,
            String html,
            String moderate) {}

    /** @param reports "3 reports wait for a moderator", or empty */
    public record Home(List<Board> boards, List<Row> latest, List<String> tags, String reports, boolean moderates) {}

    public record OnBoard(Board board, List<Row> threads, String next, boolean writes) {}

    public record Discussion(String id, String title, Thread thread, boolean follows) {}

    public record Found(String query, List<Excerpt> excerpts, String next) {}

    private final Frames frames;
    private final Projects projects;
    private final Discussions discussions;
    private final Comments comments;
    private final Reports reports;
    private final Notices notices;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    TalkPages(
            Frames frames,
            Projects projects,
            Discussions discussions,
            Comments comments,
            Reports reports,
            Notices notices,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.discussions = discussions;
        this.comments = comments;
        this.reports = reports;
        this.notices = notices;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance talk(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        boolean moderates = volunteer.has(Role.MODERATOR);
        int waiting = moderates ? reports.count(project.id()) : 0;
        return Templates.talk(
                frames.frame(frames.words().talk().title(project.title()), "talk", project.credit()),
                project,
                new Home(
                        discussions.boards(project.id()).stream()
                                .map(one -> shown(project, one))
                                .toList(),
                        discussions.list(project.id(), null, Long.MAX_VALUE, LATEST).items().stream()
                                .map(one -> row(slug, one))
                                .toList(),
                        comments.tags(project.id(), TAGS),
                        waiting == 0
                                ? ""
                                : frames.words()
                                        .forms(
                                                frames.words()
                                                        .talk()
                                                        .reports(frames.words().count(waiting)),
                                                waiting),
                        moderates));
    }

    @GET
    @Path("boards/{board}")
    @Operation(hidden = true)
    public TemplateInstance board(@RestPath String slug, @RestPath String board, @RestQuery @Nullable String cursor) {
        ProjectView project = frames.in(projects.bySlug(slug));
        Board found = shown(project, discussions.board(project.id(), board));
        var page = discussions.list(project.id(), board, Cursor.read(cursor, Long.MAX_VALUE), SHOWN);
        return Templates.talkBoard(
                frames.frame(found.title() + ": " + project.title(), "talk", project.credit()),
                project,
                new OnBoard(
                        found,
                        page.items().stream().map(one -> row(slug, one)).toList(),
                        next("/projects/" + slug + "/talk/boards/" + board + "?", page.next()),
                        volunteer.has(Role.VOLUNTEER)));
    }

    /** A board in the reader's language, as far as it is translated; its slug stays. */
    private Board shown(ProjectView project, Board board) {
        Phrases texts = frames.textsOf(project);
        return new Board(board.slug(), texts.of(board.title()), texts.of(board.about()));
    }

    @POST
    @Path("boards")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response addBoard(
            @RestPath String slug,
            @RestForm @Nullable String title,
            @RestForm("slug") @Nullable String name,
            @RestForm @Nullable String about) {
        volunteer.require(Role.MODERATOR);
        discussions.addBoard(project(slug), text(name), text(title), text(about));
        return to("/projects/" + slug + "/talk");
    }

    @POST
    @Path("boards/{board}")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response start(
            @RestPath String slug,
            @RestPath String board,
            @RestForm @Nullable String title,
            @RestForm @Nullable String body) {
        volunteer.require(Role.VOLUNTEER);
        return to(link(slug, comments.start(project(slug), board, text(title), text(body), volunteer.id())));
    }

    @GET
    @Path("discussions/{id}")
    @Operation(hidden = true)
    public TemplateInstance discussion(@RestPath String slug, @RestPath long id, @RestQuery @Nullable String cursor) {
        ProjectView project = frames.in(projects.bySlug(slug));
        DiscussionView found = discussions.find(project.id(), id);
        return Templates.talkDiscussion(
                frames.frame(found.title() + ": " + project.title(), "talk", project.credit()),
                project,
                new Discussion(
                        Long.toString(id),
                        found.title(),
                        thread(slug, found, Cursor.read(cursor, 0)),
                        volunteer.has(Role.VOLUNTEER) && notices.follows(id, volunteer.id())));
    }

    @POST
    @Path("discussions/{id}")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response answer(@RestPath String slug, @RestPath long id, @RestForm @Nullable String body) {
        volunteer.require(Role.VOLUNTEER);
        return to(link(slug, comments.answer(project(slug), id, text(body), volunteer.id())));
    }

    @POST
    @Path("candidates/{candidate}")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response about(@RestPath String slug, @RestPath long candidate, @RestForm @Nullable String body) {
        volunteer.require(Role.VOLUNTEER);
        comments.about(project(slug), candidate, text(body), volunteer.id());
        return to("/candidates/" + candidate + "#talk");
    }

    @POST
    @Path("discussions/{id}/follow")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response follow(@RestPath String slug, @RestPath long id, @RestForm boolean wanted) {
        volunteer.require(Role.VOLUNTEER);
        notices.follow(discussions.find(project(slug), id).id(), volunteer.id(), wanted);
        return to("/projects/" + slug + "/talk/discussions/" + id);
    }

    @POST
    @Path("discussions/{id}/lock")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response lock(@RestPath String slug, @RestPath long id, @RestForm boolean locked) {
        volunteer.require(Role.MODERATOR);
        discussions.lock(project(slug), id, locked);
        return to("/projects/" + slug + "/talk/discussions/" + id);
    }

    @POST
    @Path("comments/{id}/edit")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response edit(@RestPath String slug, @RestPath long id, @RestForm @Nullable String body) {
        volunteer.require(Role.VOLUNTEER);
        return to(link(slug, comments.edit(project(slug), id, text(body), volunteer.id())));
    }

    @POST
    @Path("comments/{id}/report")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response report(@RestPath String slug, @RestPath long id, @RestForm @Nullable String reason) {
        volunteer.require(Role.VOLUNTEER);
        long project = project(slug);
        reports.report(project, id, text(reason), volunteer.id());
        return to(link(slug, comments.find(project, id)));
    }

    @POST
    @Path("comments/{id}/hide")
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response hide(@RestPath String slug, @RestPath long id, @RestForm @Nullable String reason) {
        volunteer.require(Role.MODERATOR);
        long project = project(slug);
        reports.hide(project, id, text(reason), volunteer.id());
        return to(link(slug, comments.find(project, id)));
    }

    @POST
    @Path("comments/{id}/keep")
    @Operation(hidden = true)
    public Response keep(@RestPath String slug, @RestPath long id) {
        volunteer.require(Role.MODERATOR);
        long project = project(slug);
        reports.keep(project, id, volunteer.id());
        return to(link(slug, comments.find(project, id)));
    }

    @GET
    @Path("reports")
    @Operation(hidden = true)
    public TemplateInstance reports(@RestPath String slug) {
        volunteer.require(Role.MODERATOR);
        ProjectView project = projects.bySlug(slug);
        return Templates.talkReports(
                frames.frame(frames.words().talk().reportedTitle(project.title()), "talk", project.credit()),
                project,
                reports.waiting(project.id()).stream()
                        .map(report -> excerpt(
                                slug,
                                report.comment(),
                                frames.words().talk().reportedBy(report.by(), report.reason()),
                                "/projects/" + slug + "/talk/comments/"
                                        + report.comment().id()))
                        .toList());
    }

    @GET
    @Path("search")
    @Operation(hidden = true)
    public TemplateInstance search(
            @RestPath String slug, @RestQuery @Nullable String q, @RestQuery @Nullable String cursor) {
        ProjectView project = frames.in(projects.bySlug(slug));
        String query = text(q).strip();
        var page = comments.search(project.id(), query, Cursor.read(cursor, Long.MAX_VALUE), SHOWN);
        return Templates.talkSearch(
                frames.frame(frames.words().talk().searchTitle(project.title()), "talk", project.credit()),
                project,
                new Found(
                        query,
                        page.items().stream()
                                .map(comment -> excerpt(slug, comment, "", ""))
                                .toList(),
                        next(
                                "/projects/" + slug + "/talk/search?q="
                                        + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&",
                                page.next())));
    }

    private long project(String slug) {
        return projects.bySlug(slug).id();
    }

    /** The comments about a candidate and the form for one more; empty where nobody has said anything. */
    Thread about(String slug, long candidateId) {
        Optional<DiscussionView> found = discussions.ofCandidate(candidateId);
        return found.map(discussion -> thread(slug, discussion, 0))
                .orElseGet(() -> new Thread(
                        slug,
                        List.of(),
                        "",
                        false,
                        volunteer.has(Role.VOLUNTEER),
                        volunteer.has(Role.MODERATOR),
                        action(slug, candidateId)));
    }

    private Thread thread(String slug, DiscussionView discussion, long after) {
        var page = comments.of(discussion.id(), after, SHOWN);
        long me = volunteer.idIfKnown().orElse(0);
        Instant now = clock.instant();
        Long candidate = discussion.candidateId();
        String here = "/projects/" + slug + "/talk/discussions/" + discussion.id();
        return new Thread(
                slug,
                page.items().stream()
                        .map(one -> line(slug, one, me, now, frames.words()))
                        .toList(),
                next(here + "?", page.next()),
                discussion.locked(),
                volunteer.has(Role.VOLUNTEER),
                volunteer.has(Role.MODERATOR),
                candidate == null ? here : action(slug, candidate));
    }

    private static String action(String slug, long candidateId) {
        return "/projects/" + slug + "/talk/candidates/" + candidateId;
    }

    private static Line line(String slug, CommentView comment, long me, Instant now, Words words) {
        return new Line(
                Long.toString(comment.id()),
                comment.author(),
                role(comment.role(), words.talk()),
                link(slug, comment),
                comment.createdAt().toString(),
                words.ago(comment.createdAt(), now),
                comment.editedAt() != null,
                Optional.ofNullable(comment.hidden()).orElse(""),
                comment.body(),
                comment.html(),
                comment.volunteerId() == me);
    }

    private Excerpt excerpt(String slug, CommentView comment, String note, String moderate) {
        return excerpt(slug, comment, note, moderate, clock.instant(), frames.words());
    }

    static Excerpt excerpt(String slug, CommentView comment, String note, String moderate, Instant now, Words words) {
        return new Excerpt(
                Long.toString(comment.id()),
                comment.author(),
                link(slug, comment),
                comment.title(),
                comment.createdAt().toString(),
                words.ago(comment.createdAt(), now),
                note,
                Optional.ofNullable(comment.hidden()).orElse(""),
                comment.html(),
                moderate);
    }

    private static String role(String key, TalkMessages messages) {
        return switch (key) {
            case "scientist" -> messages.roleScientist();
            case "moderator" -> messages.roleModerator();
            case "administrator" -> messages.roleAdministrator();
            default -> "";
        };
    }

    private Row row(String slug, DiscussionView discussion) {
        Words words = frames.words();
        TalkMessages messages = words.talk();
        Long candidate = discussion.candidateId();
        return new Row(
                // There the discussion is folded until its reader has answered.
                candidate == null
                        ? "/projects/" + slug + "/talk/discussions/" + discussion.id()
                        : "/candidates/" + candidate + "#talk",
                discussion.title(),
                candidate == null
                        ? messages.startedBy(discussion.startedBy())
                        : messages.candidate(Long.toString(candidate)),
                words.forms(messages.comments(words.count(discussion.comments())), discussion.comments()),
                words.ago(discussion.lastAt(), clock.instant()),
                discussion.locked());
    }

    /** Where a comment stands: on the page of its discussion that begins with it. */
    private static String link(String slug, CommentView comment) {
        return comment.link(slug);
    }

    private static String next(String address, @Nullable String cursor) {
        return cursor == null ? "" : address + "cursor=" + cursor;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static Response to(String address) {
        return Response.seeOther(URI.create(address)).build();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance talk(Frame frame, ProjectView project, Home home);

        static native TemplateInstance talkBoard(Frame frame, ProjectView project, OnBoard page);

        static native TemplateInstance talkDiscussion(Frame frame, ProjectView project, Discussion page);

        static native TemplateInstance talkReports(Frame frame, ProjectView project, List<Excerpt> excerpts);

        static native TemplateInstance talkSearch(Frame frame, ProjectView project, Found page);

        private Templates() {}
    }
}
