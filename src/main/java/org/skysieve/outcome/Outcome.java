package org.skysieve.outcome;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/**
 * What is known of a candidate from outside.
 *
 * @param kind how it is known: {@code spectroscopic}, {@code tns} (the Transient Name Server), {@code photometric} or
 *     {@code other}
 * @param name what it is called, such as "SN 2026abc", at most 100 characters; may be empty if there is a type
 * @param type what it is, such as "SN Ia", at most 100 characters; may be empty if there is a name
 * @param url where it is reported, https only; may be empty
 * @param at when it became known
 */
public record Outcome(String kind, String name, String type, String url, Instant at) {
    public static final List<String> KINDS = List.of("spectroscopic", "tns", "photometric", "other");

    private static final int MAX_TEXT = 100;
    private static final int MAX_URL = 500;

    /** @throws Problem 400 for a field that is none of the above */
    static Outcome of(
            @Nullable String kind, @Nullable String name, @Nullable String type, @Nullable String url, Instant at) {
        String checkedName = text("name", name, MAX_TEXT);
        String checkedType = text("type", type, MAX_TEXT);
        if (kind == null || !KINDS.contains(kind)) {
            throw Problem.badField("kind", "got \"" + kind + "\", need one of " + String.join(", ", KINDS));
        }
        if (checkedName.isEmpty() && checkedType.isEmpty()) {
            throw Problem.badField("name", "got neither a name nor a type, need one of them");
        }
        return new Outcome(kind, checkedName, checkedType, https(text("url", url, MAX_URL)), at);
    }

    private static String text(String field, @Nullable String value, int max) {
        String text = value == null ? "" : value.strip();
        if (text.length() > max) {
            throw Problem.badField(field, "got " + text.length() + " characters, need at most " + max);
        }
        return text;
    }

    private static String https(String url) {
        if (url.isEmpty()) {
            return url;
        }
        try {
            URI parsed = new URI(url);
            if ("https".equals(parsed.getScheme()) && parsed.getHost() != null && parsed.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException notAnAddress) {
            // Said below.
        }
        throw Problem.badField("url", "got \"" + url + "\", need an address that begins with https://");
    }
}
