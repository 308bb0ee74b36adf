package org.skysieve.collection;

import java.util.List;

/**
 * A collection.
 *
 * @param by the display name of whose it is
 * @param visible whether everybody may see it; else only its owner
 * @param candidateIds in the order in which they were added
 */
public record CollectionView(
        long id,
        long projectId,
        long volunteerId,
        String by,
        String title,
        String about,
        boolean visible,
        List<Long> candidateIds) {
    public CollectionView {
        candidateIds = List.copyOf(candidateIds);
    }
}
