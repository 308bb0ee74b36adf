package org.skysieve.cli;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.skysieve.engine.simulate.SimulatedCrowd;

/** Who of the crowd is free to classify: each member works for one thread at a time. Thread-safe. */
final class CrowdPool {
    private static final int DRAWS = 64;

    private final SimulatedCrowd crowd;
    private final List<CrowdMember> members;
    private final SplittableRandom random;
    private final boolean[] busy;
    private final boolean[] finished;
    private int finishedCount;

    CrowdPool(SimulatedCrowd crowd, List<CrowdMember> members, SplittableRandom random) {
        this.crowd = crowd;
        this.members = List.copyOf(members);
        this.random = random;
        busy = new boolean[members.size()];
        finished = new boolean[members.size()];
    }

    /** A free member, drawn by activity; empty if everybody is at work or has finished. */
    synchronized Optional<CrowdMember> take() {
        for (int draw = 0; draw < DRAWS; draw++) {
            int v = crowd.drawByActivity(random);
            if (!busy[v] && !finished[v]) {
                busy[v] = true;
                return Optional.of(members.get(v));
            }
        }
        // The active ones have finished: take whoever is left.
        int from = random.nextInt(members.size());
        for (int i = 0; i < members.size(); i++) {
            int v = (from + i) % members.size();
            if (!busy[v] && !finished[v]) {
                busy[v] = true;
                return Optional.of(members.get(v));
            }
        }
        return Optional.empty();
    }

    synchronized void giveBack(CrowdMember member) {
        busy[member.number] = false;
    }

    /** This member has seen all that is open; others may not have. */
    synchronized void finish(CrowdMember member) {
        if (!finished[member.number]) {
            finished[member.number] = true;
            finishedCount++;
        }
    }

    synchronized boolean allFinished() {
        return finishedCount == members.size();
    }
}
