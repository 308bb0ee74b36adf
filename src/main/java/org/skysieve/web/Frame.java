package org.skysieve.web;

/**
 * What every page has around its own content.
 *
 * @param here the key of the page, for the navigation
 * @param theme "light" or "dark" if the reader chose one, else empty
 * @param name of the signed-in person; empty for guests
 * @param credit whose data the page shows; may be empty
 * @param notices how many unread notices wait, up to 100
 */
public record Frame(
        String title, String here, String theme, boolean signedIn, String name, String credit, int notices) {
    /** A frame that knows nobody: for pages that must not touch the database. */
    static Frame anonymous(String title) {
        return new Frame(title, "error", "", false, "", "", 0);
    }
}
