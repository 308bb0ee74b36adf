package org.skysieve.engine.context;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an alert packet tells of the sky around its detection: all that {@link ContextRules} look at.
 *
 * @param solarSystemSearched whether the survey looked for known objects of the solar system
 * @param solarSystem the nearest one; null if there is none
 * @param sourcesSearched whether the survey looked for catalogued stars and galaxies
 * @param neighbours the nearest ones, the nearest first
 * @param detections how often the survey has detected something at this very place; -1 if it does not say
 */
public record Surroundings(
        boolean solarSystemSearched,
        @Nullable KnownObject solarSystem,
        boolean sourcesSearched,
        List<Neighbour> neighbours,
        int detections) {

    /** Of a packet that says nothing of it. */
    public static final Surroundings UNKNOWN = new Surroundings(false, null, false, List.of(), -1);

    public Surroundings {
        neighbours = neighbours.stream()
                .sorted(java.util.Comparator.comparingDouble(Neighbour::arcsec))
                .toList();
    }
}
