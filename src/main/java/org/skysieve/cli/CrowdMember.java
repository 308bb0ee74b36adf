package org.skysieve.cli;

import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedCrowd;

/** A simulated volunteer at the door of the server. Used by one thread at a time. */
final class CrowdMember {
    final int number;
    final ServerApi api;
    private final SimulatedCrowd crowd;
    private long votes;

    /** @param api signed in as this volunteer, or a guest's */
    CrowdMember(SimulatedCrowd crowd, int number, ServerApi api) {
        this.crowd = crowd;
        this.number = number;
        this.api = api;
    }

    /** The answer's index; a session goes on until its length is reached, then fatigue starts anew. */
    int answer(SimulatedCandidate candidate) {
        int inSession = (int) (votes % crowd.sessionLength(number));
        return crowd.answer(number, candidate, inSession);
    }

    int elapsedMs(SimulatedCandidate candidate) {
        return crowd.elapsedMs(number, candidate);
    }

    void voted() {
        votes++;
    }
}
