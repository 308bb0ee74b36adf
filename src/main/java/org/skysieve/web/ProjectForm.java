package org.skysieve.web;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import org.skysieve.platform.Problem;
import org.skysieve.project.ProjectTexts;
import org.skysieve.project.ProjectView;

/** The texts of a project in a form. */
final class ProjectForm {
    private final boolean fresh;
    private final Typed typed;

    private ProjectForm(boolean fresh, MultivaluedMap<String, String> sent) {
        this.fresh = fresh;
        this.typed = new Typed(sent);
    }

    /** Of a project that is not there yet. */
    static ProjectForm fresh() {
        MultivaluedMap<String, String> empty = new MultivaluedHashMap<>();
        empty.putSingle("language", ProjectTexts.USUAL_LANGUAGE);
        return new ProjectForm(true, empty);
    }

    /** Of a project as it is. */
    static ProjectForm of(ProjectView project) {
        MultivaluedMap<String, String> now = new MultivaluedHashMap<>();
        now.putSingle("title", project.title());
        now.putSingle("tagline", project.tagline());
        now.putSingle("description", project.description());
        now.putSingle("credit", project.credit());
        now.putSingle("language", project.language());
        return new ProjectForm(false, now);
    }

    /** As somebody sent it. */
    static ProjectForm sent(boolean fresh, MultivaluedMap<String, String> sent) {
        return new ProjectForm(fresh, sent);
    }

    /** Its address: what was typed, else what the title makes. */
    String slug() {
        String slug = typed.text("slug");
        return slug.isEmpty() ? Typed.key(typed.text("title"), 40) : slug;
    }

    /** What is to be stored; empty, with the errors beside the fields, where something is wrong. */
    Optional<ProjectTexts> read() {
        String title = typed.text("title", 1, 120);
        String tagline = typed.text("tagline", 0, 300);
        String description = typed.text("description", 0, 20_000);
        String credit = typed.text("credit", 0, 2_000);
        if (fresh && slug().length() < 2 && !title.isEmpty()) {
            typed.wrong("slug", "the title makes none, need 2 to 63 of a-z, 0-9 and dashes");
        }
        if (!typed.errors().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProjectTexts(title, tagline, description, credit, typed.text("language")));
        } catch (Problem problem) {
            wrong(problem);
            return Optional.empty();
        }
    }

    void wrong(Problem problem) {
        typed.wrong(problem, "title");
    }

    int errors() {
        return typed.errors().size();
    }

    List<FormField> fields() {
        FormField title = FormField.text("title", "Title", typed.text("title"), 120, "What people call it.");
        FormField slug = FormField.text(
                "slug",
                "Address",
                typed.error("slug").isEmpty() ? typed.text("slug") : slug(),
                63,
                "The end of its address, of a-z, 0-9 and dashes. Left empty, it is made from the title. It stays for good.");
        List<FormField> rest = List.of(
                FormField.text(
                        "tagline",
                        "In one sentence",
                        typed.text("tagline"),
                        300,
                        "What people do here, and what comes of it. It stands on the front page."),
                FormField.tall(
                        "description",
                        "About the project",
                        typed.text("description"),
                        20_000,
                        "Which survey, which science, who you are."),
                FormField.text(
                        "credit",
                        "Credit",
                        typed.text("credit"),
                        2_000,
                        "Whose data it shows, as their survey asks to be named."),
                FormField.text(
                        "language",
                        "Language of its texts",
                        typed.text("language"),
                        35,
                        "The tag of what you write in: en, es, pt-BR. Screen readers need it."));
        return Stream.concat(fresh ? Stream.of(title, slug) : Stream.of(title), rest.stream())
                .map(field -> field.in(typed, ""))
                .toList();
    }
}
