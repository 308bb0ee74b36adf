package org.skysieve.project;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** Names in addresses, and the checks of texts that come with them. */
final class Slug {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");

    private Slug() {}

    static String check(@Nullable String slug) {
        if (slug == null || !SLUG.matcher(slug).matches()) {
            throw Problem.badField("slug", "got \"" + slug + "\", need 2 to 63 of a-z, 0-9 and dashes, no dash first");
        }
        return slug;
    }

    static String text(String field, @Nullable String text, int min, int max) {
        String stripped = text == null ? "" : text.strip();
        if (stripped.length() < min || stripped.length() > max) {
            throw Problem.badField(field, "got " + stripped.length() + " characters, need " + min + ".." + max);
        }
        return stripped;
    }
}
