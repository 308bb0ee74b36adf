package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Sql;
import org.skysieve.project.Rules;

/**
 * Keeps the showcase and the teaching feed from starving each other: the showcase has at most its share of a workflow's
 * last assignments, and while it is in use its best candidates are left to it.
 */
@ApplicationScoped
class ShowcaseFeed {
    /** The share is one of so many last assignments. */
    static final int LAST = 1000;

    /** Below so many of a workflow the share says nothing yet: a first visitor may look. */
    private static final int FIRST = 50;

    /** All workflows' assignments that are looked through for those. */
    private static final int REACH = 5000;

    /** As many as a handful of people hold at once. */
    private static final int RESERVED = 40;

    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final int MOST_WORKFLOWS = 1000;

    /**
     * @param all of the last assignments of this workflow
     * @param showcase how many of them came by the showcase
     */
    private record Recent(int all, int showcase, Set<Long> reserved, Instant at) {}

    private final Sql sql;
    private final Clock clock;
    private final Map<Long, Recent> recents = new ConcurrentHashMap<>();

    ShowcaseFeed(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Whether it may serve now: its share is open, and not used up. At most three seconds old, between processes. */
    boolean open(long workflowId, Rules rules) {
        double share = rules.serving().showcaseShare();
        Recent recent = recent(workflowId);
        return share > 0 && recent.showcase < share * Math.max(FIRST, recent.all);
    }

    /** What teaching leaves to the showcase: its best candidates while it is in use, else none. */
    Set<Long> reserved(long workflowId, Rules rules) {
        return rules.serving().showcaseShare() > 0 ? recent(workflowId).reserved : Set.of();
    }

    /** Counts what has just been served. */
    void served(long workflowId, int count) {
        recents.computeIfPresent(
                workflowId,
                (id, recent) -> new Recent(recent.all + count, recent.showcase + count, recent.reserved, recent.at));
    }

    private Recent recent(long workflowId) {
        Instant now = clock.instant();
        Recent recent = recents.get(workflowId);
        if (recent == null || Duration.between(recent.at, now).abs().compareTo(FRESH) > 0) {
            recent = read(workflowId, now);
            if (recents.size() >= MOST_WORKFLOWS) {
                recents.clear();
            }
            recents.put(workflowId, recent);
        }
        return recent;
    }

    private Recent read(long workflowId, Instant now) {
        int[] counts = sql.one(
                "SELECT count(*), count(*) FILTER (WHERE strategy = 'showcase') FROM (SELECT strategy FROM"
                        + " (SELECT workflow_id, strategy FROM assignment ORDER BY id DESC LIMIT " + REACH + ") newest"
                        + " WHERE workflow_id = ? LIMIT " + LAST + ") AS last",
                row -> new int[] {row.getInt(1), row.getInt(2)},
                workflowId);
        Set<Long> reserved = new TreeSet<>();
        if (counts[1] > 0) {
            reserved.addAll(sql.query(
                    "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND open AND NOT evaluation"
                            + " AND showcase IS NOT NULL ORDER BY showcase DESC, candidate_id DESC LIMIT " + RESERVED,
                    row -> row.getLong(1),
                    workflowId));
        }
        return new Recent(counts[0], counts[1], Set.copyOf(reserved), now);
    }
}
