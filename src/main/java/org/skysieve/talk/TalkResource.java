package org.skysieve.talk;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Cursor;
import org.skysieve.platform.Page;
import org.skysieve.platform.Problem;
import org.skysieve.project.Projects;

/** Talk of a project: anybody reads, accounts write, moderators hide and close. */
@Path("/api/v1/projects/{slug}/talk")
@Produces(MediaType.APPLICATION_JSON)
class TalkResource {
    /** @param board where it starts */
    record NewDiscussion(
            @NotNull String board,
            @NotNull String title,
            @NotNull String body) {}

    record NewComment(@NotNull String body) {}

    record NewBoard(
            @NotNull String slug,
            @NotNull String title,
            @Nullable String about) {}

    record Reason(@NotNull String reason) {}

    record Locked(boolean locked) {}

    private final Projects projects;
    private final Discussions discussions;
    private final Comments comments;
    private final Reports reports;
    private final CurrentVolunteer current;

    TalkResource(
            Projects projects, Discussions discussions, Comments comments, Reports reports, CurrentVolunteer current) {
        this.projects = projects;
        this.discussions = discussions;
        this.comments = comments;
        this.reports = reports;
        this.current = current;
    }

    @GET
    @Path("boards")
    public List<Board> boards(String slug) {
        return discussions.boards(project(slug));
    }

    @POST
    @Path("boards")
    public Response addBoard(String slug, @NotNull @Valid NewBoard board) {
        current.require(Role.MODERATOR);
        Board made = discussions.addBoard(
                project(slug),
                board.slug,
                board.title,
                Optional.ofNullable(board.about).orElse(""));
        return Response.status(Response.Status.CREATED).entity(made).build();
    }

    @GET
    @Path("discussions")
    public Page<DiscussionView> discussions(
            String slug,
            @RestQuery @Nullable String board,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable Integer limit) {
        return discussions.list(project(slug), board, Cursor.read(cursor, Long.MAX_VALUE), Page.limit(limit));
    }

    @POST
    @Path("discussions")
    public Response start(String slug, @NotNull @Valid NewDiscussion discussion) {
        current.require(Role.VOLUNTEER);
        CommentView made =
                comments.start(project(slug), discussion.board, discussion.title, discussion.body, current.id());
        return created(slug, made);
    }

    @GET
    @Path("discussions/{id}")
    public DiscussionView discussion(String slug, long id) {
        return discussions.find(project(slug), id);
    }

    @GET
    @Path("discussions/{id}/comments")
    public Page<CommentView> comments(
            String slug, long id, @RestQuery @Nullable String cursor, @RestQuery @Nullable Integer limit) {
        discussions.find(project(slug), id);
        return comments.of(id, Cursor.read(cursor, 0), Page.limit(limit));
    }

    @POST
    @Path("discussions/{id}/comments")
    public Response comment(String slug, long id, @NotNull @Valid NewComment comment) {
        current.require(Role.VOLUNTEER);
        return created(slug, comments.answer(project(slug), id, comment.body, current.id()));
    }

    @PUT
    @Path("discussions/{id}/locked")
    public void lock(String slug, long id, @NotNull Locked locked) {
        current.require(Role.MODERATOR);
        discussions.lock(project(slug), id, locked.locked);
    }

    /** The discussion about a candidate; 404 while nobody has said anything. */
    @GET
    @Path("candidates/{candidate}")
    public DiscussionView ofCandidate(String slug, long candidate) {
        long project = project(slug);
        return discussions
                .ofCandidate(candidate)
                .filter(found -> found.projectId() == project)
                .orElseThrow(() -> Problem.notFound("nobody has said anything about candidate " + candidate));
    }

    @POST
    @Path("candidates/{candidate}")
    public Response about(String slug, long candidate, @NotNull @Valid NewComment comment) {
        current.require(Role.VOLUNTEER);
        return created(slug, comments.about(project(slug), candidate, comment.body, current.id()));
    }

    @PUT
    @Path("comments/{id}")
    public CommentView edit(String slug, long id, @NotNull @Valid NewComment comment) {
        current.require(Role.VOLUNTEER);
        return comments.edit(project(slug), id, comment.body, current.id());
    }

    @POST
    @Path("comments/{id}/reports")
    public void report(String slug, long id, @NotNull @Valid Reason reason) {
        current.require(Role.VOLUNTEER);
        reports.report(project(slug), id, reason.reason, current.id());
    }

    @POST
    @Path("comments/{id}/hide")
    public void hide(String slug, long id, @NotNull @Valid Reason reason) {
        current.require(Role.MODERATOR);
        reports.hide(project(slug), id, reason.reason, current.id());
    }

    @POST
    @Path("comments/{id}/keep")
    public void keep(String slug, long id) {
        current.require(Role.MODERATOR);
        reports.keep(project(slug), id, current.id());
    }

    @GET
    @Path("reports")
    public List<Report> reports(String slug) {
        current.require(Role.MODERATOR);
        return reports.waiting(project(slug));
    }

    /** Words, {@code #tag} or {@code @name}; the newest first. */
    @GET
    @Path("search")
    public Page<CommentView> search(
            String slug,
            @RestQuery @Nullable String q,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable Integer limit) {
        return comments.search(
                project(slug),
                Optional.ofNullable(q).orElse(""),
                Cursor.read(cursor, Long.MAX_VALUE),
                Page.limit(limit));
    }

    private long project(String slug) {
        return projects.bySlug(slug).id();
    }

    private static Response created(String slug, CommentView comment) {
        return Response.created(URI.create(
                        "/api/v1/projects/" + slug + "/talk/discussions/" + comment.discussionId() + "/comments"))
                .entity(comment)
                .build();
    }
}
