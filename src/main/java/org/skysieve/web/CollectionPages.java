package org.skysieve.web;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

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
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.collection.CollectionView;
import org.skysieve.collection.Collections;
import org.skysieve.collection.Favourites;
import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;

/** Favourites and collections: one's own in a project, and one collection for everybody who may see it. */
@Path("/projects/{slug}/collections")
@Blocking
@Produces(MediaType.TEXT_HTML)
class CollectionPages {
    private static final int SHOWN = 200;

    /** A candidate as a picture. */
    public record Item(String candidateId, String name) {}

    /** A collection in the list; {@code count} in words. */
    public record Listed(String id, String title, boolean visible, String count) {}

    /** One's own in a project. */
    public record Kept(List<Item> favourites, List<Listed> collections, boolean account) {}

    /** One collection. */
    public record Shown(
            String id, String title, String about, String by, boolean visible, boolean own, List<Item> items) {}

    private final Frames frames;
    private final Projects projects;
    private final Favourites favourites;
    private final Collections collections;
    private final Candidates candidates;
    private final CurrentVolunteer volunteer;

    CollectionPages(
            Frames frames,
            Projects projects,
            Favourites favourites,
            Collections collections,
            Candidates candidates,
            CurrentVolunteer volunteer) {
        this.frames = frames;
        this.projects = projects;
        this.favourites = favourites;
        this.collections = collections;
        this.candidates = candidates;
        this.volunteer = volunteer;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance own(@RestPath String slug) {
        ProjectView project = projects.bySlug(slug);
        OptionalLong me = volunteer.idIfKnown();
        return Templates.collections(
                frames.frame(frames.world().collectionsTitle(project.title()), "collections", project.credit()),
                project,
                new Kept(
                        me.isEmpty()
                                ? List.of()
                                : items(candidates, favourites.of(me.getAsLong(), project.id(), SHOWN)),
                        me.isEmpty() ? List.of() : listed(me.getAsLong(), project),
                        volunteer.has(Role.VOLUNTEER)));
    }

    @POST
    @Operation(hidden = true)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response create(
            @RestPath String slug,
            @RestForm @Nullable String title,
            @RestForm @Nullable String about,
            @RestForm boolean visible) {
        volunteer.require(Role.VOLUNTEER);
        return to("/collections/"
                + collections.create(projects.bySlug(slug).id(), volunteer.id(), title, about, visible));
    }

    private List<Listed> listed(long volunteerId, ProjectView project) {
        Words words = frames.words();
        return collections.of(volunteerId, OptionalLong.of(project.id())).stream()
                .map(one -> new Listed(
                        Long.toString(one.id()),
                        one.title(),
                        one.visible(),
                        words.forms(frames.world().candidates(words.count(one.count())), one.count())))
                .toList();
    }

    static List<Item> items(Candidates candidates, List<Long> ids) {
        Map<Long, CandidateView> known = candidates.byIds(ids);
        return ids.stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(candidate -> new Item(Long.toString(candidate.id()), candidate.objectId()))
                .toList();
    }

    static Response to(String path) {
        return Response.seeOther(URI.create(path)).build();
    }

    /** One collection, for everybody who may see it. */
    @Path("/collections/{id}")
    @Blocking
    @Produces(MediaType.TEXT_HTML)
    static final class One {
        private final Frames frames;
        private final Projects projects;
        private final Collections collections;
        private final Candidates candidates;
        private final CurrentVolunteer volunteer;

        One(
                Frames frames,
                Projects projects,
                Collections collections,
                Candidates candidates,
                CurrentVolunteer volunteer) {
            this.frames = frames;
            this.projects = projects;
            this.collections = collections;
            this.candidates = candidates;
            this.volunteer = volunteer;
        }

        @GET
        @Operation(hidden = true)
        public TemplateInstance collection(@RestPath long id) {
            OptionalLong reader = volunteer.idIfKnown();
            CollectionView found = collections.find(id, reader);
            ProjectView project = projects.byId(found.projectId());
            return CollectionPages.Templates.collection(
                    frames.frame(found.title(), "collections", project.credit()),
                    project,
                    new CollectionPages.Shown(
                            Long.toString(id),
                            found.title(),
                            found.about(),
                            found.by(),
                            found.visible(),
                            reader.equals(OptionalLong.of(found.volunteerId())),
                            CollectionPages.items(candidates, found.candidateIds())));
        }

        @POST
        @Operation(hidden = true)
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        public Response change(
                @RestPath long id,
                @RestForm @Nullable String title,
                @RestForm @Nullable String about,
                @RestForm boolean visible) {
            volunteer.require(Role.VOLUNTEER);
            collections.change(id, volunteer.id(), title, about, visible);
            return CollectionPages.to("/collections/" + id);
        }

        @POST
        @Path("remove")
        @Operation(hidden = true)
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        public Response remove(@RestPath long id, @RestForm @Nullable Long candidate) {
            volunteer.require(Role.VOLUNTEER);
            if (candidate != null) {
                collections.remove(id, volunteer.id(), candidate);
            }
            return CollectionPages.to("/collections/" + id);
        }

        @POST
        @Path("delete")
        @Operation(hidden = true)
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        public Response delete(@RestPath long id) {
            volunteer.require(Role.VOLUNTEER);
            ProjectView project =
                    projects.byId(collections.find(id, volunteer.idIfKnown()).projectId());
            collections.delete(id, volunteer.id());
            return CollectionPages.to("/projects/" + project.slug() + "/collections");
        }
    }

    /** What a candidate's page posts: forms, so that it works without JavaScript. */
    @Path("/candidates/{id}")
    @Blocking
    static final class OfCandidate {
        private final Favourites favourites;
        private final Collections collections;
        private final CurrentVolunteer volunteer;

        OfCandidate(Favourites favourites, Collections collections, CurrentVolunteer volunteer) {
            this.favourites = favourites;
            this.collections = collections;
            this.volunteer = volunteer;
        }

        @POST
        @Path("favourite")
        @Operation(hidden = true)
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        public Response favourite(@RestPath long id, @RestForm boolean wanted) {
            if (wanted) {
                favourites.add(volunteer.id(), id);
            } else {
                favourites.remove(volunteer.id(), id);
            }
            return to("/candidates/" + id + "#keep");
        }

        @POST
        @Path("collect")
        @Operation(hidden = true)
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        public Response collect(@RestPath long id, @RestForm @Nullable Long collection) {
            volunteer.require(Role.VOLUNTEER);
            if (collection == null) {
                throw Problem.badField("collection", "got nothing, need one of yours");
            }
            collections.add(collection, volunteer.id(), id);
            return to("/collections/" + collection);
        }
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance collections(Frame frame, ProjectView project, Kept kept);

        static native TemplateInstance collection(Frame frame, ProjectView project, Shown shown);

        private Templates() {}
    }
}
