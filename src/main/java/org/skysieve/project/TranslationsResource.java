package org.skysieve.project;

import java.util.Map;
import java.util.TreeMap;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Language;
import org.skysieve.platform.Problem;

/** The texts of a project in other languages: anybody reads, moderators write. */
@Path("/api/v1/projects/{slug}/translations")
@Produces(MediaType.APPLICATION_JSON)
class TranslationsResource {
    private final Projects projects;
    private final Translations translations;
    private final CurrentVolunteer current;

    TranslationsResource(Projects projects, Translations translations, CurrentVolunteer current) {
        this.projects = projects;
        this.translations = translations;
        this.current = current;
    }

    @GET
    @Operation(summary = "All translations of a project, by language")
    public Map<String, ProjectTranslation> all(String slug) {
        Map<String, ProjectTranslation> all = new TreeMap<>();
        translations.of(projects.bySlug(slug).id()).forEach((language, texts) -> all.put(language.tag(), texts));
        return all;
    }

    @GET
    @Path("{language}")
    @Operation(summary = "A project's texts in a language; 404 where there are none")
    public ProjectTranslation translation(String slug, String language) {
        ProjectView project = projects.bySlug(slug);
        return translations
                .find(project.id(), spoken(language))
                .orElseThrow(() -> Problem.notFound("no texts of " + slug + " in " + language));
    }

    @PUT
    @Path("{language}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Writes a project's texts in a language, all of them; an empty one is shown in the original")
    public ProjectTranslation write(String slug, String language, @NotNull ProjectTranslation texts) {
        current.require(Role.MODERATOR);
        translations.write(projects.bySlug(slug), spoken(language), texts);
        return translation(slug, language);
    }

    @DELETE
    @Path("{language}")
    @Operation(summary = "Takes a translation away")
    public void remove(String slug, String language) {
        current.require(Role.MODERATOR);
        translations.remove(projects.bySlug(slug).id(), spoken(language));
    }

    private static Language spoken(String tag) {
        return Language.of(tag)
                .orElseThrow(() -> Problem.notFound("language \"" + tag + "\": the pages speak en, es and ar"));
    }
}
