package org.skysieve.web;

import java.util.Arrays;
import java.util.List;

import org.skysieve.platform.Language;

/**
 * What every page has around its own content.
 *
 * @param here the key of the page, for the navigation
 * @param language what the page speaks
 * @param languages what else it speaks, each with the address of this page in it
 * @param theme "light" or "dark" if the reader chose one, else empty
 * @param name of the signed-in person; empty for guests
 * @param back what a link to sign in or up ends in, to come back here; may be empty
 * @param credit whose data the page shows; may be empty
 * @param notices how many unread notices wait, up to 100
 */
public record Frame(
        String title,
        String here,
        Language language,
        List<Tongue> languages,
        String theme,
        boolean signedIn,
        String name,
        String back,
        String credit,
        int notices) {
    /** A language that the reader may choose. */
    public record Tongue(Language language, String link, boolean chosen) {}

    /**
     * For pages that must not touch the database.
     *
     * @param name of who is signed in; empty for others
     */
    static Frame ofError(String title, Language language, String name) {
        return new Frame(title, "error", language, tongues(language, "/?"), "", !name.isEmpty(), name, "", "", 0);
    }

    /** @param address of the page, up to where {@code lang=} is to stand */
    static List<Tongue> tongues(Language chosen, String address) {
        return Arrays.stream(Language.values())
                .map(each -> new Tongue(each, address + "lang=" + each.tag(), each == chosen))
                .toList();
    }
}
