package org.skysieve.engine.image;

import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Which of the three images of a candidate; in the order of {@link PackedTriplet}. */
public enum Panel {
    SCIENCE,
    TEMPLATE,
    DIFFERENCE;

    public @Nullable Cutout of(CutoutTriplet triplet) {
        return switch (this) {
            case SCIENCE -> triplet.science();
            case TEMPLATE -> triplet.template();
            case DIFFERENCE -> triplet.difference();
        };
    }

    /** The name in addresses: {@code science}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Panel> labelled(String label) {
        for (Panel panel : values()) {
            if (panel.label().equals(label)) {
                return Optional.of(panel);
            }
        }
        return Optional.empty();
    }
}
