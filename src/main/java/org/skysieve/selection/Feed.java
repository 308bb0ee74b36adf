package org.skysieve.selection;

import java.util.Locale;

import org.skysieve.platform.Problem;

/** What somebody asks for. */
public enum Feed {
    /** Where a vote helps most. */
    TEACHING,
    /** Likely discoveries, the fresh ones first. */
    SHOWCASE;

    /** The name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem 400 for another name */
    static Feed of(String key) {
        for (Feed feed : values()) {
            if (feed.key().equals(key)) {
                return feed;
            }
        }
        throw Problem.badField("feed", "got \"" + key + "\", need teaching or showcase");
    }
}
