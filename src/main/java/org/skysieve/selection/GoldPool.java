package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.project.GoldStandards;

/** Draws gold standards that somebody has not seen, uniformly. */
@ApplicationScoped
class GoldPool {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 6;
    private static final int PROBE = 16;

    private record Pool(long[] candidateIds, Instant at) {}

    private final GoldStandards goldStandards;
    private final OpenWork work;
    private final Clock clock;
    private final Map<Long, Pool> pools = new ConcurrentHashMap<>();

    GoldPool(GoldStandards goldStandards, OpenWork work, Clock clock) {
        this.goldStandards = goldStandards;
        this.work = work;
        this.clock = clock;
    }

    /** Number of gold standards of a workflow that nobody is shown, at most ten seconds old. */
    int size(long workflowId) {
        return ids(workflowId).length;
    }

    void forget(long workflowId) {
        pools.remove(workflowId);
    }

    /**
     * Up to {@code count} different ones, each a uniform draw from the unseen ones then left; fewer, or none, where
     * this person has seen nearly all.
     */
    List<Long> draw(long workflowId, long volunteerId, int count, SplittableRandom random) {
        long[] ids = ids(workflowId);
        Set<Long> drawn = new LinkedHashSet<>();
        // A uniform order of all, looked at as far as needed: Fisher and Yates from the front, on a sparse copy.
        Map<Integer, Integer> swapped = new ConcurrentHashMap<>();
        int position = 0;
        for (int attempt = 0; attempt < ATTEMPTS && drawn.size() < count && position < ids.length; attempt++) {
            // The last attempts look at ever more: somebody who has seen nearly all still finds the rest.
            int end = Math.min(ids.length, position + (PROBE << (2 * attempt)));
            List<Long> probe = new ArrayList<>();
            for (; position < end; position++) {
                int other = position + random.nextInt(ids.length - position);
                int value = swapped.getOrDefault(other, other);
                swapped.put(other, swapped.getOrDefault(position, position));
                probe.add(ids[value]);
            }
            Set<Long> unseen = work.unseen(workflowId, volunteerId, probe);
            for (Long id : probe) {
                if (unseen.contains(id) && drawn.size() < count) {
                    drawn.add(id);
                }
            }
        }
        return List.copyOf(drawn);
    }

    private long[] ids(long workflowId) {
        Instant now = clock.instant();
        Pool pool = pools.get(workflowId);
        if (pool == null || Duration.between(pool.at, now).abs().compareTo(FRESH) > 0) {
            long[] ids = goldStandards.hidden(workflowId).stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            pool = new Pool(ids, now);
            pools.put(workflowId, pool);
        }
        return pool.candidateIds;
    }
}
