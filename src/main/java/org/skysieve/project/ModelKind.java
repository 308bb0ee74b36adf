package org.skysieve.project;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a workflow's trainings make. */
public enum ModelKind {
    /** A forest on what is measured of the cutouts: some seconds, in the server itself. */
    FOREST,
    /** A convolutional net on the cutouts, from the net of the simulated survey: a minute or so, in a process of its own. */
    NET;

    /** @throws IllegalArgumentException if no kind has that key */
    @JsonCreator
    public static ModelKind ofKey(String key) {
        for (ModelKind kind : values()) {
            if (kind.key().equals(key)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("modelKind: got \"" + key + "\", need forest or net");
    }

    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
