package org.skysieve.project;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.quarkus.panache.common.Sort;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** The door to projects. */
@ApplicationScoped
public class Projects {
    private static final int MAX_PROJECTS_LISTED = 1000;

    private final ProjectStore store;
    private final Clock clock;

    Projects(ProjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The oldest first; at most 1000. */
    @Transactional
    public List<ProjectView> list() {
        return store.findAll(Sort.by("id")).page(0, MAX_PROJECTS_LISTED).stream()
                .map(Project::view)
                .toList();
    }

    @Transactional
    public Optional<ProjectView> find(String slug) {
        return store.find("slug", slug).firstResultOptional().map(Project::view);
    }

    @Transactional
    public Optional<ProjectView> find(long id) {
        return store.findByIdOptional(id).map(Project::view);
    }

    /**
     * The project of that slug.
     *
     * @throws Problem 404 without one
     */
    @Transactional
    public ProjectView bySlug(String slug) {
        return find(slug).orElseThrow(() -> Problem.notFound("no project \"" + slug + "\""));
    }

    /**
     * The project of that id.
     *
     * @throws Problem 404 without one
     */
    @Transactional
    public ProjectView byId(long id) {
        return find(id).orElseThrow(() -> Problem.notFound("no project " + id));
    }

    /**
     * Creates a project in English; all texts but the title may be empty.
     *
     * @throws Problem 400 for a text out of range, 409 for a slug that is taken
     */
    @Transactional
    public ProjectView create(
            String slug,
            String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit) {
        return create(slug, new ProjectTexts(title, tagline, description, credit, null));
    }

    /**
     * Creates a project.
     *
     * @throws Problem 400 for a slug that cannot be, 409 for one that is taken
     */
    @Transactional
    public ProjectView create(String slug, ProjectTexts texts) {
        Project project = new Project();
        project.slug = Slug.check(slug);
        project.write(texts);
        project.createdAt = clock.instant();
        try {
            store.persistAndFlush(project);
        } catch (ConstraintViolationException e) {
            throw Problem.conflict("slug", "there is already a project \"" + slug + "\"");
        }
        return project.view();
    }

    /**
     * Writes the texts of a project anew; its slug stays, since addresses hold it.
     *
     * @throws Problem 404 without the project
     */
    @Transactional
    public ProjectView update(String slug, ProjectTexts texts) {
        Project project = store.find("slug", slug)
                .firstResultOptional()
                .orElseThrow(() -> Problem.notFound("no project \"" + slug + "\""));
        project.write(texts);
        return project.view();
    }
}
