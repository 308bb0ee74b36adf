package org.skysieve.candidate;

import java.util.List;

/**
 * What became of a batch of packets.
 *
 * @param candidateIds the new candidates, in the order of the packets
 * @param duplicates packets whose candidate was there already, or came twice in the batch
 */
public record Added(List<Long> candidateIds, int duplicates) {
    public Added {
        candidateIds = List.copyOf(candidateIds);
    }
}
