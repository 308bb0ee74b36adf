package org.skysieve.selection;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * What would be served under some rules. Nothing of it is.
 *
 * @param newcomer the next places of somebody of whom nothing is known
 * @param experienced the next places of somebody who has answered 500 times and is right in 95 of 100
 * @param candidates open ones that were looked at
 * @param complete whether these are all; else the best by today's ranking and a uniform sample of the rest
 */
public record Preview(List<Place> newcomer, List<Place> experienced, int candidates, boolean complete) {
    public Preview {
        newcomer = List.copyOf(newcomer);
        experienced = List.copyOf(experienced);
    }

    /**
     * One place.
     *
     * @param strategy the arm that drew it
     * @param priority the key by which the arm ranked it
     * @param probability with which this place got it, by any arm
     * @param why what the volunteer would read
     */
    public record Place(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
            String strategy,
            float priority,
            double probability,
            String why) {}
}
