package org.skysieve.project;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/**
 * What a project says of itself.
 *
 * @param title 1..120 characters
 * @param tagline at most 300
 * @param description at most 20,000
 * @param credit whose data it shows, at most 2,000
 * @param language what all its texts are written in, such as {@code en} or {@code pt-BR}; English when left out
 */
public record ProjectTexts(String title, String tagline, String description, String credit, String language) {
    public static final String USUAL_LANGUAGE = "en";

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*");

    /** @throws Problem 400 for a text out of range or a language without a tag */
    public ProjectTexts(
            @Nullable String title,
            @Nullable String tagline,
            @Nullable String description,
            @Nullable String credit,
            @Nullable String language) {
        this.title = Slug.text("title", title, 1, 120);
        this.tagline = Slug.text("tagline", tagline, 0, 300);
        this.description = Slug.text("description", description, 0, 20_000);
        this.credit = Slug.text("credit", credit, 0, 2_000);
        this.language = language == null ? USUAL_LANGUAGE : language.strip();
        if (this.language.length() > 35 || !LANGUAGE.matcher(this.language).matches()) {
            throw Problem.badField("language", "got \"" + this.language + "\", need a tag such as en or pt-BR");
        }
    }
}
