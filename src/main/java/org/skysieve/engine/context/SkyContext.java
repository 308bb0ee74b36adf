package org.skysieve.engine.context;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What a detection is likely to be, judged by its place alone.
 *
 * @param rule the rule that decided, in words with its numbers
 * @param arcsec distance to the catalogue's entry that decided; NaN where none did
 * @param host the galaxy that it is likely to lie in, whatever decided; null without one
 */
public record SkyContext(
        Kind kind, String rule, double arcsec, @Nullable Host host) {

    /** The classes, after Sherlock's (docs/methods/context.md). */
    public enum Kind {
        /** A known object of the solar system is predicted there. */
        SOLAR_SYSTEM,
        /** On a catalogued point source: a variable star, a cataclysmic variable, or a quasar. */
        VARIABLE_STAR,
        /** On the centre of a galaxy. */
        NUCLEAR,
        /** So near to a bright star that the subtraction is suspect. */
        BRIGHT_STAR,
        /** Beside the centre of a galaxy that it is likely to lie in. */
        SUPERNOVA,
        /** No catalogued source that it could belong to. */
        ORPHAN,
        /** The packet does not say enough. */
        UNKNOWN;

        /** As the API and exports write it, such as {@code solar-system}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** As people read it, such as {@code solar system}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** @throws IllegalArgumentException if no kind has that key */
        public static Kind ofKey(String key) {
            return Arrays.stream(values())
                    .filter(kind -> kind.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("context: got \"" + key + "\", need one of "
                            + Arrays.stream(values()).map(Kind::key).toList()));
        }
    }

    /**
     * A galaxy that a detection is likely to lie in.
     *
     * @param catalogue which catalogue's entry
     * @param arcsec offset of the detection from the galaxy's centre
     * @param mag the galaxy's, in r; NaN if not measured
     * @param chance probability that a galaxy as bright lies as near by chance, see {@link ContextRules#chance}
     */
    public record Host(String catalogue, double arcsec, double mag, double chance) {}
}
